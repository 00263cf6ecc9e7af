import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.ts'
import type { Run } from '../../src/model/run.ts'
import { takeLock } from '../../src/run/lock.ts'
import { openInbox } from '../../src/run/orders.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { withAnsweringExecutor } from '../helpers/answering-executor.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith, waitingAtGo } from '../helpers/state-directory.ts'

const line = new CommandLine()
let count = 0
let state = ''
const type = (...argv: string[]) => line.type(...argv, '--plan', examplePlan, '--state', state)

beforeEach(async () => {
  count += 1
  state = join(line.home, `state-${count}`)
  await stateWith(state, waitingAtGo)
})

function hashes(): Run {
  const [run] = readRecords(state).history.runs
  if (run === undefined) throw new Error('no run')
  return run
}

const withExecutor = <T>(refuses: boolean, work: () => Promise<T>): Promise<T> =>
  withAnsweringExecutor(state, refuses, work)

describe('an order', () => {
  it('is taken by the program that carries the run out, and the answer is told', async () => {
    const typed = await withExecutor(false, () =>
      type('go', '--as', 'dba', '--by', 'sophie', '--note', 'seen'),
    )
    expect(typed).toMatchObject({ exitCode: 0, stdout: 'Accepted: go --as dba\n' })
    const status = documentOf(await type('status', '--json')) as { gates: { id: string }[] }
    expect(JSON.stringify(status.gates)).not.toContain('"by":"unknown"')
  })

  it('that is refused is told with the reason, exit code 1', async () => {
    const typed = await withExecutor(true, () => type('go', '--as', 'dba', '--json'))
    expect(typed.exitCode).toBe(1)
    expect(documentOf(typed)).toMatchObject({ error: { key: 'cli.order.refused' } })
    expect(typed.stderr).toContain('No gate waits for a decision now')
  })

  it('GO says for which plan and runbook it is given, as `status` shows them; with --runbook for that one only', async () => {
    const { runbookHash, planHash } = hashes()
    const lines = (await type('status')).stdout
    expect(lines).toContain(`A GO is for plan ${planHash.slice(0, 8)}, runbook ${runbookHash.slice(0, 8)}.`)
    await type('go', '--as', 'dba')
    await type('go', '--as', 'lead', '--runbook', runbookHash.slice(0, 8))
    const sent = openInbox(state).take('run-1')
    expect(sent.map(({ order }) => order)).toEqual([
      expect.objectContaining({ do: 'go', role: 'dba', signs: { planHash, runbookHash } }),
      expect.objectContaining({ do: 'go', role: 'lead', signs: { planHash, runbookHash } }),
    ])
  })

  it('GO for another runbook is refused with both, and what to type', async () => {
    const { runbookHash } = hashes()
    const typed = await type('go', '--as', 'dba', '--runbook', '0123456789ab')
    expect(typed.exitCode).toBe(1)
    expect(typed.stderr).toContain('runbook 01234567')
    expect(typed.stderr).toContain(`runbook ${runbookHash.slice(0, 8)}`)
    expect(typed.stderr).toContain('bascule go --as dba')
  })

  it('GO before the outage is refused once the plan file was edited, where the plan wants readiness', async () => {
    const [before, edited] = ['before', 'edited'].map(name => join(line.home, `${name}-${count}.yaml`)) as [
      string,
      string,
    ]
    const notices = `bodyFile: ${join(dirname(examplePlan), 'notices')}/`
    const example = readFileSync(examplePlan, 'utf8').replaceAll('bodyFile: notices/', notices)
    const strict = `${example}\nreadiness: {preflight: 20 min}\n`
    writeFileSync(before, strict)
    writeFileSync(edited, strict.replace('preflight: 20 min', 'preflight: 25 min'))
    const own = `${state}-strict`
    await stateWith(own, waitingAtGo, 'live', before)
    const go = (plan: string) => line.type('go', '--as', 'dba', '--plan', plan, '--state', own)
    const refused = await go(edited)
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('readiness.preflightSeconds')
    expect(refused.stderr).toMatch(/bascule .*no-go --as dba/)
    expect((await go(before)).exitCode).toBe(11)
  })

  it('waits in the inbox when no program carries the run out, exit code 11', async () => {
    const typed = await type('hold', '--reason', 'phone')
    expect(typed.exitCode).toBe(11)
    expect(typed.stdout).toMatch(/Stored: hold.*Start one: bascule .* resume/)
    const [record] = openInbox(state).take('run-1')
    expect(record).toMatchObject({ by: 'marie', order: { do: 'hold', reason: 'phone' } })
  })

  it('that the program which carries the run out does not judge in time is told as such, exit code 11', async () => {
    const lock = takeLock(state, 'marie', 'run', '2026-12-12T21:00:00Z')
    const typed = await type('hold', '--reason', 'phone')
    const status = await type('status')
    lock.release()
    expect(typed.exitCode).toBe(11)
    expect(typed.stdout).toMatch(/Stored: hold.*has not judged it yet.*bascule .*status/)
    expect(status.stdout).toMatch(/Not judged yet: hold \(marie/)
  })

  it('that the run would refuse is refused at once when no program carries it out', async () => {
    const typed = await type('retry', 'database.promote', '--reason', 'cable')
    expect(typed).toMatchObject({ exitCode: 1, stdout: '' })
    expect(typed.stderr).toContain('Step database.promote has not failed')
    expect(openInbox(state).take('run-1')).toEqual([])
  })

  it('a hold is judged as by the program that goes on, which ends the hold before it', async () => {
    const order = { id: 'h', at: '2026-12-12T21:00:00Z', by: 'marie', order: { do: 'hold' as const } }
    state = join(line.home, 'held')
    await stateWith(state, runbook => [...waitingAtGo(runbook), { type: 'order.received', order }])
    expect(await type('hold')).toMatchObject({
      exitCode: 11,
      stdout: expect.stringContaining('Stored: hold'),
    })
  })

  it.each([
    ['while no gate waits', 'dba', () => [], 'No gate waits for a decision'],
    ['of a role that the gate does not name', 'tester', waitingAtGo, 'requires the sign-off of'],
  ])('a NO-GO %s is refused at once, with how to roll back', async (_, role, events, why) => {
    state = join(line.home, `refused-${role}`)
    await stateWith(state, events)
    const typed = await type('no-go', '--as', role, '--json')
    expect(typed.exitCode).toBe(1)
    expect(documentOf(typed)).toMatchObject({ error: { key: 'cli.order.refused' } })
    expect(typed.stderr).toContain(why)
    expect(typed.stderr).toMatch(/`bascule .*resume` would go on.*rollback --reason TEXT/)
    expect(openInbox(state).take('run-1')).toEqual([])
  })

  it('a NO-GO refused by the program that carries the run out names how to roll back', async () => {
    const typed = await withExecutor(true, () => type('no-go', '--as', 'dba'))
    expect(typed.exitCode).toBe(1)
    expect(typed.stderr).toMatch(/The run goes on.*rollback --reason TEXT/)
  })

  it('that waits in the inbox is listed by status, until the run has taken it', async () => {
    await type('no-go', '--as', 'dba', '--note', 'no backup', '--by', 'sophie')
    const status = await type('status')
    expect(status.stdout).toMatch(/no-go --as dba.*sophie/)
    expect(documentOf(await type('status', '--json'))).toMatchObject({
      ordersStored: [{ order: { do: 'no-go', role: 'dba' }, by: 'sophie' }],
    })
    const journal = openJournal(join(state, 'journal.db'), { redact: value => value })
    for (const order of openInbox(state).take('run-1'))
      journal.append('run-1', { type: 'order.received', order })
    journal.close()
    expect(documentOf(await type('status', '--json'))).toMatchObject({ ordersStored: [] })
  })

  it.each([
    [
      ['done', 'database.promote', '--reason', 'by hand'],
      { do: 'done', step: 'database.promote', reason: 'by hand' },
    ],
    [['retry', 'T1', '--reason', 'cable'], { do: 'retry', step: 'T1', reason: 'cable' }],
    [['skip', 'media.start', '--reason', 'later'], { do: 'skip', step: 'media.start', reason: 'later' }],
    [['no-go', '--as', 'dba', '--gate', 'go'], { do: 'no-go', role: 'dba', gate: 'go' }],
    [['go', '--as', 'lead', '--note', 'n'], { do: 'go', role: 'lead', note: 'n' }],
  ])('%j is written down as it was meant', async (argv, order) => {
    await type(...argv)
    expect(openInbox(state).take('run-1')).toMatchObject([{ order }])
  })

  it('needs a role that the plan knows', async () => {
    expect(await type('go')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('lead, sysadmin, dba'),
    })
    expect(await type('go', '--as', 'dbaa')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean dba?'),
    })
  })

  it('needs a run that is under way', async () => {
    const over = join(line.home, 'over')
    await stateWith(over, moved)
    const typed = await line.type('hold', '--plan', examplePlan, '--state', over)
    expect(typed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('No run in progress') })
  })
})

describe('the other verbs, while a run is carried out', () => {
  it('are refused with who holds the lock, exit code 75', async () => {
    const typed = await withExecutor(false, () => type('audit'))
    expect(typed.exitCode).toBe(75)
    expect(typed.stderr).toContain('marie')
  })

  it('resume does not resume a run that goes on', async () => {
    const typed = await withExecutor(false, () => type('resume'))
    expect(typed).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('neither held nor interrupted'),
    })
  })

  it('rollback becomes an order', async () => {
    const typed = await withExecutor(false, () => type('rollback', '--reason', 'exams refused'))
    expect(typed).toMatchObject({ exitCode: 0, stdout: 'Accepted: rollback\n' })
  })

  it('rollback takes a preparation back too', async () => {
    state = join(line.home, 'prepared')
    await stateWith(state, () => [{ type: 'run.finished', outcome: 'failed' }], 'preparation')
    const typed = await withExecutor(false, () => type('rollback', '--reason', 'disk full at the target'))
    expect(typed).toMatchObject({ exitCode: 0, stdout: 'Accepted: rollback\n' })
  })

  it('rollback refuses what is undone already', async () => {
    state = join(line.home, 'undone')
    await stateWith(state, () => [{ type: 'run.finished', outcome: 'rolled-back' }], 'preparation')
    const typed = await type('rollback', '--reason', 'again')
    expect(typed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no executed step to undo') })
  })
})
