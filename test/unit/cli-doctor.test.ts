import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { judgeMachine, type SeenMachine } from '../../src/cli/judge-machine.ts'
import { lookAtMachine } from '../../src/cli/look-at-machine.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { examplePlan } from '../helpers/state-directory.ts'

const good: SeenMachine = {
  node: '24.16.0',
  programs: [{ program: 'ssh', package: 'openssh-client', found: true }],
  directory: '/home/marie/.local/state/bascule',
  user: 'marie',
  isWritable: true,
  freeBytes: 200_000_000,
  clock: 'synchronised',
}
const notOk = (seen: Partial<SeenMachine>) =>
  judgeMachine({ ...good, ...seen }).filter(({ level }) => level !== 'ok')

describe('what the machine of Bascule lacks', () => {
  it('is nothing where everything is there', () => {
    expect(notOk({})).toEqual([])
    expect(notOk({ node: '25.0.0' })).toEqual([])
  })

  it.each([
    ['node', { node: '24.15.9' }, 'block'],
    ['node', { node: '20.19.2' }, 'block'],
    ['missing.ssh', { programs: [{ program: 'ssh', package: 'openssh-client', found: false }] }, 'block'],
    ['state', { isWritable: false }, 'block'],
    ['disk', { freeBytes: 199_999_999 }, 'block'],
    ['clock', { clock: 'not-synchronised' }, 'warn'],
    ['clock', { clock: 'unknown' }, 'warn'],
  ] as const)('%s: %j', (rule, seen, level) => {
    const [finding, ...others] = notOk(seen as Partial<SeenMachine>)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ id: `localhost.${rule}`, level, remedy: { key: expect.any(String) } })
  })
})

describe('looking at the machine', () => {
  it('finds programs on the PATH, and the folder in which the state directory would be made', async () => {
    const line = new CommandLine()
    const bin = join(line.home, 'bin')
    mkdirSync(join(bin, 'ssh'), { recursive: true })
    writeFileSync(join(bin, 'ssh-keygen'), '', { mode: 0o755 })
    const clock = join(bin, 'timedatectl')
    writeFileSync(clock, '#!/bin/sh\necho yes\n', { mode: 0o755 })
    const seen = await lookAtMachine(join(line.home, 'not/there'), [{ program: 'ip', package: 'iproute2' }], {
      PATH: bin,
    })
    // a folder is no program
    expect(seen.programs.map(({ program, found }) => [program, found])).toEqual([
      ['ssh', false],
      ['ssh-keygen', true],
      ['ip', false],
    ])
    expect(seen).toMatchObject({ isWritable: true, clock: 'synchronised', node: process.versions.node })
    expect(seen.freeBytes).toBeGreaterThan(0)
  })
})

describe('bascule doctor', () => {
  it.each([
    ['en', 'ssh is not installed.', 'Type `sudo apt-get install openssh-client`'],
    ['fr', 'ssh n’est pas installé.', 'Taper `sudo apt-get install openssh-client`'],
  ])('says what is missing with the line to type, and ends with 10: %s', async (language, text, remedy) => {
    const line = new CommandLine()
    line.environment.PATH = '/nowhere'
    const state = join(line.home, 'state')
    const typed = await line.type(
      'doctor',
      '--state',
      state,
      '--plan',
      '/nowhere/plan.yaml',
      '--lang',
      language,
    )
    expect(typed.exitCode).toBe(10)
    expect(typed.stdout).toContain(text)
    expect(typed.stdout).toContain(remedy)
    expect(typed.stderr).toContain('bascule doctor --hosts')
  })

  it('asks with a plan for what its components run here', async () => {
    const line = new CommandLine()
    line.environment.PATH = line.home
    for (const program of ['ssh', 'ssh-keygen']) symlinkSync(process.execPath, join(line.home, program))
    const typed = await line.type(
      'doctor',
      '--plan',
      examplePlan,
      '--state',
      join(line.home, 'state'),
      '--json',
    )
    const { plan, hosts, findings } = documentOf(typed) as {
      plan: string
      hosts: boolean
      findings: { id: string; remedy?: string }[]
    }
    expect([plan, hosts, typed.exitCode]).toEqual([expect.stringMatching(/./), false, 10])
    const missing = findings.filter(({ id }) => id.includes('.missing.'))
    expect(missing).toContainEqual(expect.objectContaining({ remedy: expect.stringContaining('iproute2') }))
  })

  it('knows the findings of kinds that say that a host lacks a program', async () => {
    const kinds = Object.values(await loadKinds()).filter(({ lackingRules }) => lackingRules !== undefined)
    expect(kinds.length).toBeGreaterThan(5)
  })
})
