import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, describe, expect, it } from 'vitest'
import { repository } from '../../lab/paths.ts'

const setup = join(repository, 'bin/setup')
const stubs = mkdtempSync(join(tmpdir(), 'bascule-setup-'))
afterAll(() => rmSync(stubs, { recursive: true }))

/** Programs that stand in for the machine's own; all that setup would call to change it are among them. */
function standIn(programs: Record<string, string>): { env: Record<string, string>; reject: false } {
  const harmless = { 'apt-get': 'exit 99', npm: 'exit 99', sudo: 'exit 1', ...programs }
  for (const [name, script] of Object.entries(harmless)) {
    writeFileSync(join(stubs, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(stubs, name), 0o755)
  }
  return { env: { PATH: `${stubs}:${process.env.PATH}` }, reject: false }
}
/** Root of nothing: files are still readable, yet setup sees a plain user. */
const asPlainUser = process.getuid?.() === 0 ? ['unshare', '--user', 'bash', setup] : ['bash', setup]
const [program = '', ...rest] = asPlainUser

describe('bin/setup', () => {
  it('says nothing and changes nothing when nothing is missing', async () => {
    const all = 'shift 3; for package in "$@"; do echo "ii  $package"; done'
    const result = await execa(program, rest, standIn({ 'dpkg-query': all }))
    expect(result).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
  })

  it('without root names what the laboratory lacks and the one command to type, on stderr only', async () => {
    const result = await execa(program, rest, standIn({ 'dpkg-query': 'echo "ii  rsync"; exit 1' }))
    expect(result).toMatchObject({ exitCode: 0, stdout: '' })
    expect(result.stderr).toContain(`sudo bash ${setup} --system`)
    expect(result.stderr).toMatch(/lacks Debian packages \(.*\bunbound\b/)
    expect(result.stderr).not.toMatch(/\brsync\b/)
  })

  it('on another system names the packages and goes on', async () => {
    const { env } = standIn({})
    rmSync(join(stubs, 'dpkg-query'), { force: true })
    for (const name of ['bash', 'dirname', 'cmp', 'cp'])
      writeFileSync(join(stubs, name), `#!/bin/sh\nexec /usr/bin/${name} "$@"\n`, { mode: 0o755 })
    const result = await execa('/usr/bin/bash', [setup], { env: { ...env, PATH: stubs }, reject: false })
    expect(result).toMatchObject({ exitCode: 0, stdout: '' })
    expect(result.stderr).toContain('not a Debian machine')
  })
})
