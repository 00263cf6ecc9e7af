import { spawnSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verbs } from '../../src/cli/verbs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const launcher = join(import.meta.dirname, '../../bin/bascule')
const folder = temporaryFolder('launcher')

const spawned = (command: string, argv: string[], env: Record<string, string> = {}) =>
  spawnSync(command, argv, {
    encoding: 'utf8',
    timeout: 200_000,
    env: { PATH: process.env.PATH, LANG: 'C', ...env },
  })

describe('bin/bascule', () => {
  it('runs from anywhere, through a symbolic link, with an old node first on the PATH', () => {
    const [link, old] = [join(folder, 'linked'), join(folder, 'node')]
    symlinkSync(launcher, link)
    writeFileSync(old, '#!/bin/sh\necho v20.0.0\n', { mode: 0o755 })
    const { status, stdout } = spawned(link, ['--version'], { PATH: `${folder}:${process.env.PATH}` })
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^bascule \d+\.\d+\.\d+ \(checkout, Node 24\.\d+\.\d+\)\n$/),
    ])
  })

  it('gives its exit code, data on stdout, errors on stderr', () => {
    const { status, stdout, stderr } = spawned(launcher, ['statsu'])
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining('statsu')])
  })

  it('ends well when nobody listens any more', () => {
    const { status, stderr } = spawned('sh', [
      '-c',
      `"${launcher}" --help | true; "${launcher}" --help | head -1`,
    ])
    expect([status, stderr]).toEqual([0, ''])
  })
})

describe('completion', () => {
  const complete = (...words: string[]) => spawned(launcher, ['complete', '--', ...words]).stdout

  it.each(['bash', 'zsh', 'fish', 'powershell'])('gives a script for %s', shell => {
    const { status, stdout } = spawned(launcher, ['completion', shell])
    expect(status).toBe(0)
    expect(stdout).toContain('bascule')
  })

  it('refuses another shell', () => {
    expect(spawned(launcher, ['completion', 'tcsh'])).toMatchObject({ status: 2, stdout: '' })
  })

  it('completes verbs, options and their values', () => {
    const offered = complete('')
    for (const { name } of verbs) expect(offered).toMatch(new RegExp(`^${name}\\t`, 'm'))
    expect(complete('rep')).toMatch(/^report\t/m)
    expect(complete('report', '--h')).toMatch(/^--html\t/m)
    expect(complete('go', '--gate', '')).toMatch(/^integrity/m)
    expect(complete('journal', 'v')).toMatch(/^verify\t/m)
  })

  it('works in a real bash', () => {
    const script = [
      `PATH="${join(launcher, '..')}:$PATH"`,
      'source <(bascule completion bash)',
      'COMP_WORDS=(bascule rol) COMP_CWORD=1 COMP_LINE="bascule rol" COMP_POINT=11',
      '$(complete -p bascule | sed "s/.*-F \\([^ ]*\\).*/\\1/")',
      'echo "$' + '{COMPREPLY[*]}"',
    ].join('\n')
    expect(spawned('bash', ['-c', script]).stdout).toBe('rollback\n')
  })
})
