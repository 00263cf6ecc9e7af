import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CallEnd, HostCall } from '../../src/model/host-call.ts'
import type { Runbook } from '../../src/model/step.ts'
import { keepCallsIn } from '../../src/run/kept-calls.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith } from '../helpers/state-directory.ts'

const line = new CommandLine()
const state = join(line.home, 'state')
const type = (...argv: string[]) => line.type(...argv, '--plan', examplePlan, '--state', state)
let runbook: Runbook

/** As a rehearsal leaves it. */
function keep(part: 'apply' | 'undo', calls: [Partial<HostCall>, CallEnd][]): void {
  const about = { step: 'database.promote', run: 'rehearsal-7', mode: 'rehearsal' as const, part }
  const keeping = keepCallsIn(state)(about)
  for (const [change, end] of calls)
    keeping.onCall({
      ...{ work: 'rehearsal-7/database.promote', at: '', does: 'change', by: 'ssh', where: 'tls-db' },
      ...{ user: 'postgres', line: 'pg_ctl promote' },
      ...change,
    })(end)
  keeping.ended(true)
}

beforeAll(async () => {
  runbook = (await stateWith(state, moved)).runbook
  const exited: CallEnd = { ended: 'exited', exitCode: 0, seconds: 0.25 }
  keep('apply', [
    [{}, exited],
    [
      { does: 'read', line: 'pg_isready' },
      { ...exited, exitCode: 2 },
    ],
    [{ does: 'read', line: 'pg_isready' }, exited],
    [
      { by: 'sql', where: '192.0.2.7:5432/shop', user: 'bascule', line: 'checkpoint' },
      { ended: 'answered', seconds: 1 },
    ],
    [{ user: 'root', line: "rm -f '/a\u001b[2J\nb'" }, exited],
  ])
  keep('undo', [
    [
      {
        line: 'sh mark.sh /data',
        script: { name: 'mark.sh', text: '#!/bin/sh\ntouch "$1/standby.signal"\n' },
      },
      exited,
    ],
  ])
})

describe('bascule explain', () => {
  it('tells of a step what it is, what it takes, how it is undone, and its very commands', async () => {
    const { exitCode, stdout, stderr } = await type('explain', 'database.promote')
    expect([exitCode, stderr]).toEqual([0, ''])
    const step = runbook.steps.find(({ id }) => id === 'database.promote')
    expect(stdout).toMatch(/^database\.promote {2}\S/)
    for (const part of [
      /component +database: /,
      /when +migration, stage “/,
      new RegExp(`after +${step?.after.join(', ')}`),
      /changes +.*target \(/,
      /duration +\S.* expected/,
      /measured +1 s \(12 Dec, run-1\)/,
      /limits +\d+ × at most /,
      /if it fails +rolled back \(R1: /,
      /undo +\S.* expected, ended after .*; changes: /,
      /by hand +\S/,
      /Commands of its last run: rehearsal-7 \(rehearsal\), /,
      / {2}● tls-db postgres\$ pg_ctl promote {2}exit 0, 0\.25 s\n/,
      / {2}○ tls-db postgres\$ pg_isready {2}× 2, exit 0, 0\.5 s\n/,
      / {2}● 192\.0\.2\.7:5432\/shop bascule> checkpoint {2}1 s\n/,
      / {2}● tls-db root# rm -f '\/a␛\[2J␊b' /,
      /Commands of its last undo: rehearsal-7 \(rehearsal\), /,
      / {2}● tls-db postgres\$ sh mark\.sh \/data {2}exit 0/,
    ])
      expect(stdout).toMatch(part)
    expect(stdout).not.toContain('#!/bin/sh')
  })

  it('prints the scripts, too', async () => {
    const { stdout } = await type('explain', 'database.promote', '--scripts')
    expect(stdout).toContain('\nmark.sh\n  #!/bin/sh\n  touch "$1/standby.signal"\n')
  })

  it('speaks French', async () => {
    const { stdout } = await type('explain', 'database.promote', '--lang', 'fr')
    expect(stdout).toMatch(/en cas d’échec +retour arrière \(R1/)
    expect(stdout).toContain('Commandes de sa dernière exécution\u00a0: rehearsal-7 (')
    expect(stdout).toContain('code de sortie 0, 0,25\u00a0s')
    expect(stdout).not.toMatch(/views\.|cli\.|\{\{/)
  })

  it('gives one document', async () => {
    const document = documentOf(await type('explain', 'database.promote', '--json'))
    expect(document).toMatchObject({
      ...{ step: 'database.promote', component: 'database', mode: 'live', trigger: 'R1' },
      measured: [{ run: 'run-1', mode: 'live', seconds: 1 }],
      undo: { possible: true, byHand: expect.any(String), measured: [] },
      commands: {
        ...{ run: 'rehearsal-7', mode: 'rehearsal', ok: true, left: 0 },
        calls: [
          { line: 'pg_ctl promote', user: 'postgres', exitCode: 0, times: 1 },
          { line: 'pg_isready', does: 'read', times: 2 },
          { by: 'sql', line: 'checkpoint' },
          { line: "rm -f '/a\u001b[2J\nb'" },
        ],
      },
      undoCommands: { scripts: { 'mark.sh': expect.stringContaining('standby.signal') } },
    })
  })

  it('says of a step that has not run that its commands are not known, and finds steps of the preparation', async () => {
    const { stdout } = await type('explain', 'database.seed')
    expect(stdout).toMatch(/when +preparation, /)
    expect(stdout).toContain('It has not run yet.')
    expect(documentOf(await type('explain', 'database.seed', '--json'))).not.toHaveProperty('commands')
  })

  it('says why a step has no undo', async () => {
    const final = runbook.steps.find(({ undo }) => !undo.possible)
    expect(final).toBeDefined()
    const { stdout } = await type('explain', final?.id ?? '')
    expect(stdout).toMatch(/undo +impossible: \S/)
  })

  it('suggests the nearest step, or lists those of a mode', async () => {
    const wrong = await type('explain', 'databse.promote')
    expect(wrong.exitCode).toBe(2)
    expect(wrong.stderr).toContain('No step is called databse.promote.')
    expect(wrong.stderr).toContain('Did you mean database.promote?')
    const elsewhere = await type('explain', 'x', '--mode', 'preparation')
    expect(elsewhere.stderr).toContain('database.seed')
    expect(elsewhere.stderr).not.toContain('database.promote')
  })
})

describe('bascule plan --commands', () => {
  it('shows under each step of the night what it did when it ran last', async () => {
    const { stdout } = await type('plan', '--commands')
    const headings = runbook.steps.map(({ id }) => stdout.indexOf(`\n${id}  `))
    expect(Math.min(...headings)).toBeGreaterThan(0)
    const from = stdout.slice(stdout.indexOf('\ndatabase.promote  '))
    const own = from.slice(0, from.indexOf('\n\n'))
    expect(own).toContain('  ● tls-db postgres$ pg_ctl promote  exit 0')
    expect(own).toContain('Commands of its last undo: rehearsal-7')
    expect(stdout.split('It has not run yet.')).toHaveLength(runbook.steps.length)
    expect((await type('plan')).stdout).not.toContain('pg_ctl promote')
  })

  it('gives them in the document, too', async () => {
    const document = documentOf(await type('plan', '--commands', '--json')) as { steps: { id: string }[] }
    const of = (id: string) => document.steps.find(step => step.id === id)
    expect(of('database.promote')).toMatchObject({ commands: { run: 'rehearsal-7' } })
    expect(document.steps.filter(step => 'commands' in step)).toHaveLength(1)
  })
})
