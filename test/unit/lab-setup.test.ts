import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, describe, expect, it } from 'vitest'
import { repository } from '../../lab/paths.ts'

const setup = join(repository, 'bin/setup')
const stubs = mkdtempSync(join(tmpdir(), 'bascule-setup-'))
const full = mkdtempSync(join(tmpdir(), 'bascule-cache-'))
writeFileSync(join(full, 'linux-image-6.1.0-1-cloud-amd64_6.1.1-1_amd64.deb'), '')
afterAll(() => {
  for (const directory of [stubs, full]) rmSync(directory, { recursive: true })
})

/** Programs that stand in for the machine's own; all that setup would call to change it are among them. */
function standIn(
  programs: Record<string, string>,
  cache = full,
): { env: Record<string, string>; reject: false } {
  const harmless = { 'apt-get': 'exit 99', npm: 'exit 99', sudo: 'exit 1', ...programs }
  for (const [name, script] of Object.entries(harmless)) {
    writeFileSync(join(stubs, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(stubs, name), 0o755)
  }
  return { env: { PATH: `${stubs}:${process.env.PATH}`, BASCULE_LAB_CACHE: cache }, reject: false }
}
/** Root of nothing: files are still readable, yet setup sees a plain user. */
const asPlainUser = process.getuid?.() === 0 ? ['unshare', '--user', 'bash', setup] : ['bash', setup]
const [program = '', ...rest] = asPlainUser
/** Every package is there. */
const all = 'shift 3; for package in "$@"; do echo "ii  $package"; done'

describe('bin/setup', () => {
  it('says nothing and changes nothing when nothing is missing', async () => {
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

  it('names the kernel of the virtual machines too while it is not there', async () => {
    const empty = mkdtempSync(join(stubs, 'cache-'))
    const result = await execa(program, rest, standIn({ 'dpkg-query': all }, empty))
    expect(result.exitCode).toBe(0)
    expect(result.stderr).toContain('lacks Debian packages (linux-image-cloud-amd64)')
  })

  const depends = `echo linux-image-cloud-amd64; echo '  Depends: linux-image-6.1.0-9-cloud-amd64'`
  const asRoot = ['--user', '--map-root-user', 'bash', setup, '--system']
  const download = (script: string) => ({ 'dpkg-query': all, 'apt-cache': depends, 'apt-get': script })

  it('as root downloads the kernel, once, and installs nothing', async () => {
    const cache = mkdtempSync(join(stubs, 'cache-'))
    const apt = `for word in "$@"; do name=$word; done; echo "$@" >>${cache}/asked; : >"$name"_1_amd64.deb`
    const first = await execa('unshare', asRoot, standIn(download(apt), cache))
    expect(first).toMatchObject({ exitCode: 0, stdout: '' })
    const second = await execa('unshare', asRoot, standIn(download(apt), cache))
    expect(second).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readdirSync(cache).sort()).toEqual(['asked', 'linux-image-6.1.0-9-cloud-amd64_1_amd64.deb'])
    expect(readFileSync(join(cache, 'asked'), 'utf8')).toMatch(/^.* download linux-image-6\S+\n$/)
  })

  it('leaves nothing of a download that failed', async () => {
    const cache = mkdtempSync(join(stubs, 'cache-'))
    const cut = 'case "$*" in *download*) : >half.deb; exit 100 ;; esac'
    const result = await execa('unshare', asRoot, standIn(download(cut), cache))
    expect(result.exitCode).not.toBe(0)
    expect(readdirSync(cache)).toEqual([])
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
