import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import type { Run } from '../../src/model/run.ts'
import type { Gate, Runbook, Step } from '../../src/model/step.ts'
import { emptyHistory, foldEntry } from '../../src/run/fold.ts'
import { prerequisites } from '../../src/runbook/graph.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { type Behaviour, RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import fc from '../helpers/property.ts'
import { aCheck, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  beforeSeconds: fc.integer({ min: 0, max: 40 }),
  afterSeconds: fc.integer({ min: 0, max: 40 }),
  failures: fc.constantFrom(0, 0, 0, 0, 1, 3),
  failsAfterEffect: fc.boolean(),
  hangs: fc.constantFrom(false, false, false, false, false, false, true),
})

/** Steps 0…n-1 in three bands with a gate before each; each waits for some of the earlier ones of its band. */
const schedule = fc
  .record({
    bands: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
    edges: fc.array(fc.nat({ max: 2 ** 16 - 1 }), { minLength: 12, maxLength: 12 }),
    behaviours: fc.array(behaviour, { minLength: 12, maxLength: 12 }),
    values: fc.array(fc.constantFrom(0, 0, 0, 0, 1), { minLength: 3, maxLength: 3 }),
    orders: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 400 }),
        order: fc.constantFrom(
          { do: 'go', role: 'lead' } as const,
          { do: 'go', role: 'lead', gate: 'reopen' } as const,
          { do: 'hold' } as const,
          { do: 'resume' } as const,
          { do: 'no-go', role: 'lead' } as const,
          { do: 'roll-back', reason: 'chance' } as const,
          { do: 'skip', step: 's0.act', reason: 'chance' } as const,
          { do: 'done', step: 's1.act', reason: 'chance' } as const,
          { do: 'retry', step: 's2.act', reason: 'chance' } as const,
        ),
      }),
      { maxLength: 4 },
    ),
    transfers: fc.array(fc.constantFrom(undefined, 'resumes', 'goes-on'), { minLength: 12, maxLength: 12 }),
    outages: fc.array(
      fc
        .record({ from: fc.integer({ min: 0, max: 300 }), seconds: fc.integer({ min: 1, max: 400 }) })
        .map(({ from, seconds }) => ({ from, to: from + seconds })),
      { maxLength: 2 },
    ),
    minutes: fc.constantFrom(4, 20, 120),
    lineLostSeconds: fc.constantFrom(20, 90, 300),
    kills: fc.array(
      fc.record({ count: fc.integer({ min: 2, max: 60 }), when: fc.constantFrom('before', 'after') }),
      {
        maxLength: 2,
      },
    ),
  })
  .map(made => {
    const gateIds = ['go', 'integrity', 'reopen'] as const
    const bandStages = ['announce', 'handover', 'restore-service'] as const
    const steps: Step[] = []
    const gates: Gate[] = []
    let number = 0
    for (const [band, gate] of gateIds.entries()) {
      const earlier = steps.map(step => step.id)
      gates.push({
        id: gate,
        title: { key: 'test.gate' },
        after: [...earlier, ...gateIds.slice(0, band)],
        checks: [aCheck(`check-${gate}`), aCheck(`speed-${gate}`, { alone: true })],
        signoffs: ['lead'],
      })
      const first = number
      for (let index = 0; index < (made.bands[band] ?? 1); index++, number++) {
        const mask = made.edges[number] ?? 0
        const after = steps.slice(first).filter((_, position) => (mask >> position) & 1)
        const transfer = made.transfers[number]
        const more = transfer === undefined ? {} : { transfer: transfer as Step['transfer'] & string }
        const stage = bandStages[band] ?? 'restore-service'
        steps.push({ ...aStep(`s${number}.act`, [gate, ...after.map(step => step.id)], { stage }), ...more })
      }
    }
    const behaviours = Object.fromEntries(steps.map((step, index) => [step.id, made.behaviours[index] ?? {}]))
    const values = Object.fromEntries(
      gateIds.map((gate, index) => [`check-${gate}`, made.values[index] ?? 0]),
    )
    return { ...made, runbook: aRunbook(steps, gates), behaviours, values }
  })

describe('every schedule, crash and order of events', () => {
  it('acts only after its prerequisites, ends, and leaves nothing half done', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async made => {
        const clock = new VirtualClock()
        const plan = aPlan(made.runbook.steps, {
          window: { start: '2026-12-12T22:00', lengthMinutes: made.minutes, rollbackReserveMinutes: 0 },
        })
        plan.rollback.lineLostSeconds = made.lineLostSeconds
        const world = new RecordingWorld(clock, made.behaviours, made.values)
        world.outages = made.outages
        const start = clock.now().epochMilliseconds
        const chance: Person[] = made.orders.map(({ at, order }) => ({
          when: (_run, now) => Date.parse(now) >= start + at * 1000,
          order,
        }))
        const release: Person = {
          when: (run, now) => run.held !== undefined && Date.parse(now) > Date.parse(run.held.at) + 60_000,
          order: { do: 'resume' },
          eachTime: true,
        }
        const night = new Night(plan, made.runbook, clock, world, [
          ...chance,
          release,
          ...willing(made.runbook),
        ])
        const outcome = await throughCrashes(night, made.kills as Kill[])
        expect(['moved', 'rolled-back', 'rolled-back-by-hand', 'rollback-failed']).toContain(outcome)
        const events = night.journal.entries().map(entry => entry.event)
        orderHolds(made.runbook, events)
        nothingStartsWithoutTheLine(made.runbook, events)
        nothingStartsAfterNoGo(events)
        nobodyIsKeptOutByALostLine(night)
        if (outcome === 'rolled-back') expect([...world.effects]).toEqual([])
        if (outcome === 'rolled-back-by-hand')
          expect([...world.effects].filter(step => !leftByHand(night, step))).toEqual([])
        if (outcome === 'moved') effectsOnce(night)
      }),
      { numRuns: 3000 },
    )
  })
})

/** A person took it on himself, or skipped it; the world is as he says. */
const leftByHand = (night: Night, step: string): boolean =>
  ['by-hand', 'skipped'].includes(night.run.steps[step]?.undo?.how ?? '')

type Kill = { count: number; when: 'before' | 'after' }

async function throughCrashes(night: Night, kills: Kill[]): Promise<string> {
  night.journal.killAt = kills[0]
  let ended = await night.carryOut().catch(() => 'killed')
  for (let round = 1; ended === 'killed'; round++) {
    const kill = kills[round]
    const resumed = night.resume()
    if (kill !== undefined && kill.count > night.journal.kept.length) night.journal.killAt = kill
    ended = await resumed.catch(() => 'killed')
    // a person whose undo failed by chance of a crash would resume too; bounded
    if (round > 5) return ended
  }
  return ended
}

/** Nothing starts before all that it waits for; no undo before the undos of what waited for it. */
function orderHolds(runbook: Runbook, events: Event[]): void {
  const before = prerequisites(runbook)
  const done = new Set<string>()
  const undone = new Set<string>()
  const touched = new Set<string>()
  for (const event of events) {
    if (event.type === 'step.started') {
      for (const id of before.get(event.step) ?? [])
        expect(done, `${event.step} waits for ${id}`).toContain(id)
      touched.add(event.step)
    }
    if (event.type === 'gate.opened') {
      for (const id of before.get(event.gate) ?? []) expect(done).toContain(id)
      done.add(event.gate)
    }
    if (event.type === 'step.done') done.add(event.step)
    if (event.type === 'order.received' && 'step' in event.order.order && event.order.order.do !== 'retry') {
      done.add(event.order.order.step)
      undone.add(event.order.order.step)
    }
    if (event.type === 'undo.started') {
      for (const other of touched) {
        if (before.get(other)?.has(event.step))
          expect(undone, `${other} before ${event.step}`).toContain(other)
      }
    }
    if (event.type === 'undo.done') undone.add(event.step)
  }
}

/**
 * While the line is lost nothing new begins on the way forward, and only transfers that can go on where they were are ended.
 * A rollback does not wait for it.
 */
function nothingStartsWithoutTheLine(runbook: Runbook, events: Event[]): void {
  let isLost = false
  for (const event of events) {
    if (event.type === 'rollback.started') return
    if (event.type === 'line.lost') isLost = true
    if (event.type === 'line.back' || event.type === 'run.resumed') isLost = false
    if (isLost)
      expect(['step.started', 'gate.reached', 'gate.opened', 'check.started']).not.toContain(event.type)
    if (event.type === 'step.failed' && event.aborted === 'line-lost')
      expect(runbook.steps.find(step => step.id === event.step)?.transfer).toBe('resumes')
  }
}

/** Whatever comes after it: a GO of the same role, a hold, a resume, a crash. */
function nothingStartsAfterNoGo(events: Event[]): void {
  const said = events.findIndex(event => event.type === 'order.received' && event.order.order.do === 'no-go')
  if (said < 0) return
  const after = events.slice(said + 1).map(({ type }) => type)
  for (const type of ['step.started', 'gate.reached', 'gate.opened', 'check.started'] as const)
    expect(after).not.toContain(type)
  expect(after).toContain('rollback.started')
}

/** An event of what went on while the executor was about to decide may come between. */
const dueSeconds = 5

/**
 * While users are kept out and nobody holds the run, no way forward goes on past the plan's wait for a lost line; and for a lost
 * line nothing is undone before it, nor when nobody is kept out.
 */
function nobodyIsKeptOutByALostLine({ journal, runbook, plan }: Night): void {
  const stageOf = new Map(runbook.steps.map(({ id, stage }) => [id, stage]))
  const entries = journal.entries()
  let history = emptyHistory
  // while a person holds the run nothing is decided: what became due then is due from the resume on
  let decidesSince = Number.NEGATIVE_INFINITY
  for (const entry of entries) {
    const { event, at } = entry
    const run = history.runs.at(-1)
    if (run?.held) decidesSince = Date.parse(at)
    if (event.type === 'rollback.started' || run?.rollback) {
      if (event.type === 'rollback.started' && event.why.key === 'run.why.lineLost')
        expect(Date.parse(at)).toBeGreaterThanOrEqual(waitsUntil(run) ?? Number.POSITIVE_INFINITY)
      return
    }
    // a person's order, and a program that goes on after a crash, come when they come
    const until = /^(order|run)\./.test(event.type) ? undefined : waitsUntil(run)
    if (until !== undefined)
      expect(Date.parse(at)).toBeLessThan(Math.max(until, decidesSince) + dueSeconds * 1000)
    history = foldEntry(history, entry)
  }

  function waitsUntil(run: Run | undefined): number | undefined {
    const since = Object.values(run?.linesLost ?? {}).map(({ at }) => Date.parse(at))
    const touched = Object.entries(run?.steps ?? {}).filter(([, { mayHaveChanged }]) => mayHaveChanged)
    const isReturning = touched.some(([id]) => stageOf.get(id) === 'restore-service')
    if (since.length === 0 || touched.length === 0 || isReturning || run?.held) return undefined
    return Math.min(...since) + plan.rollback.lineLostSeconds * 1000
  }
}

function effectsOnce(night: Night): void {
  for (const step of night.runbook.steps) {
    const how = night.run.steps[step.id]?.how
    if (how !== 'by-hand' && how !== 'skipped') expect(night.world.count('effect', step.id)).toBe(1)
  }
}
