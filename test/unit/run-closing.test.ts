import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { beforeEach, expect, it } from 'vitest'
import type { FinalSteps, OrderRecord } from '../../src/model/event.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { Author, Person } from '../../src/model/plan.ts'
import type { PlannedStep, Undo } from '../../src/model/step.ts'
import { judgeClosing } from '../../src/run/closing.ts'
import { newOrder } from '../../src/run/orders.ts'
import { startRun } from '../../src/run/session.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('closing')
const noUndo: Undo = { possible: false, why: { key: 'test.cannot' } }

/** A night that moves, and a closing of two steps: nothing undoes the second. */
const kind: Partial<Kind> = {
  kind: 'double',
  audit: async () => ({}),
  findings: () => [],
  plan: () => {
    const planned = (name: string, change: Partial<PlannedStep>): PlannedStep => {
      const { component: _, kind: __, owner: ___, id: ____, ...step } = aStep(`a.${name}`)
      return { ...step, name, action: 'act', ...change }
    }
    return [
      planned('seed', { stage: 'seed' }),
      planned('move', { stage: 'drain' }),
      planned('ttl', { stage: 'close' }),
      planned('retire', { stage: 'close', undo: noUndo }),
    ]
  },
  actions: { act: { isDone: async () => false, apply: async () => undefined, undo: async () => {} } },
  measures: {},
}
const kinds = { double: kind as Kind }
const person = (name: string): Person => ({
  ...{ role: 'lead', name, contact: '', duties: '', key: `ssh-ed25519 ${name}` },
  available: { fromDay: 0, untilDay: 0 },
})
let count = 0
let session = { stateDirectory: '', kinds, by: 'Claire', takeAuthority: async () => authority }
const authority = { check: async () => {}, fencingNumber: 1 }

/** A night that moved, by a plan of this sort. */
async function moved(signatures: 'required' | 'declared'): Promise<void> {
  const plan = aPlan([aStep('a.move')], { people: [person('Claire'), person('Paul')], signatures })
  await startRun({ ...session, plan, mode: 'preparation' })
  const startAt = Temporal.Now.instant()
  await startRun({ ...session, plan, mode: 'live', startAt, withoutRehearsal: 'a test' })
}

function ordered(final?: FinalSteps, change: Partial<OrderRecord> = {}) {
  const order = { do: 'close' as const, ...(final && { final }) }
  return { mode: 'close' as const, order: { ...newOrder(order, 'Claire', ''), ...change, order } }
}
const both: FinalSteps = { steps: ['a.retire'], and: 'Paul' }

const after = () => readRecords(session.stateDirectory).entries.map(({ event, run }) => ({ event, run }))

beforeEach(() => {
  session = { ...session, stateDirectory: join(home, String(++count)) }
})

it('a closing with a step that nothing undoes begins by the word of two people, which the journal keeps', async () => {
  await moved('declared')
  const begun = after().length
  const { ended } = await startRun({ ...session, ...ordered(both) })
  expect(ended).toBe('closed')
  const order = after()
    .slice(begun)
    .find(({ event }) => event.type === 'order.received')
  expect(order?.event).toMatchObject({ order: { by: 'Claire', order: { do: 'close', final: both } } })
  expect(order?.run).toMatch(/^live-/)
})

it.each<[string, FinalSteps | undefined, string]>([
  ['one person', undefined, 'run.order.finalSteps'],
  ['the same person twice', { ...both, and: ' claire' }, 'run.order.secondPerson'],
  ['two who were shown other steps', { ...both, steps: ['a.ttl'] }, 'run.order.finalSteps'],
])('by %s it does not begin, and the journal says why', async (_, final, key) => {
  await moved('declared')
  const begun = after().length
  await expect(startRun({ ...session, ...ordered(final) })).rejects.toMatchObject({ text: { key } })
  expect(after().slice(begun)).toMatchObject([{ event: { type: 'order.refused', why: { key } } }])
  expect(readRecords(session.stateDirectory).history.runs.map(({ mode }) => mode)).toEqual([
    'preparation',
    'live',
  ])
})

it('where the plan requires signatures an order without them begins nothing', async () => {
  await moved('required')
  await expect(startRun({ ...session, ...ordered(both) })).rejects.toMatchObject({
    text: { key: 'run.order.unsigned' },
  })
  const signed = { text: '{"bascule":"order"}', signatures: ['-', '-'] }
  await expect(startRun({ ...session, ...ordered(both, { signed }) })).rejects.toMatchObject({
    text: { key: 'run.order.signedOther' },
  })
})

it('one that the hosts did not let begin is not used up', async () => {
  await moved('declared')
  const begun = after().length
  const takeAuthority = async () => {
    throw new Error('no answer')
  }
  await expect(startRun({ ...session, ...ordered(both), takeAuthority })).rejects.toThrow('no answer')
  expect(
    after()
      .slice(begun)
      .map(({ event }) => event.type),
  ).not.toContain('order.received')
})

it('only what declares no undo wants a second person; the author of the plan is none', () => {
  const undoable = aRunbook([aStep('a.ttl')], [], 'close')
  const final = aRunbook([aStep('a.ttl'), aStep('a.retire', [], { undo: noUndo })], [], 'close')
  const author: Author = { name: 'Paul', mayNotApprove: ['countersign'] }
  expect(judgeClosing({}, undoable, { do: 'close' }, 'Claire')).toBeUndefined()
  expect(judgeClosing({}, final, { do: 'close' }, 'Claire')?.key).toBe('run.order.finalSteps')
  expect(judgeClosing({}, final, { do: 'close', final: both }, 'Claire')).toBeUndefined()
  expect(judgeClosing({ author }, final, { do: 'close', final: both }, 'Claire')?.key).toBe(
    'run.order.authorCountersigns',
  )
})
