import { mkdirSync } from 'node:fs'
import { openJournal } from '../../src/journal/journal.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Entry, Event } from '../../src/model/event.ts'
import type { Progress } from '../../src/model/io.ts'
import type { Plan } from '../../src/model/plan.ts'
import { openPlan } from '../../src/plan/load.ts'
import { recordPlan, recordRunbook } from '../../src/run/recorded.ts'
import { journalFile } from '../../src/run/stored-runs.ts'
import { compile } from '../../src/runbook/compile.ts'
import { Night, willing } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { examplePlan } from './state-directory.ts'

/** A night of the example whose entries come into a real journal when the test says so. */
export type WatchedNight = {
  plan: Plan
  stateDirectory: string
  /** Writes what follows, the first entry that `last` names included; gives its instant. */
  growUntil(last: (event: Event) => boolean): string
  /** The last event that was written. */
  last(): Event | undefined
  close(): void
  progress(step: string, progress: Progress, at: string): void
}

/** What the example's small data need is seconds: with this a night takes an hour. */
const times = 25

/** Each step takes about what is expected of it, one a bit more and the next a bit less. `change`: of the plan, before anything is compiled. */
export async function watchedNight(
  stateDirectory: string,
  change: (plan: Plan) => void = () => {},
): Promise<WatchedNight> {
  const kinds = await loadKinds()
  const plan = await openPlan([examplePlan], kinds)
  change(plan)
  const facts = Object.fromEntries(Object.keys(plan.components).map(id => [id, {}]))
  const compiled = compile({ plan, facts, kinds, mode: 'live' })
  const steps = compiled.steps.map(({ duration: _duration, ...step }) => ({
    ...step,
    expectedSeconds: step.expectedSeconds * times,
    deadlineSeconds: step.deadlineSeconds * times,
  }))
  const runbook = { ...compiled, steps }
  const clock = new VirtualClock()
  const behaviours = runbook.steps.map(({ id, expectedSeconds }, index) => {
    const share = [1.1, 0.9, 1.4, 1][index % 4] ?? 1
    return [id, { beforeSeconds: Math.max(1, expectedSeconds * share - 1) }]
  })
  const world = new RecordingWorld(clock, Object.fromEntries(behaviours), { T1: 200 })
  world.measureSeconds = 4
  const night = new Night(plan, runbook, clock, world, willing(runbook))
  await night.carryOut()

  mkdirSync(stateDirectory, { recursive: true })
  let at = '2026-12-12T20:59:00Z'
  const journal = openJournal(journalFile(stateDirectory), { redact: value => value, now: () => at })
  const planHash = recordPlan(journal, 'audit-1', plan)
  for (const component of Object.keys(facts))
    journal.append('audit-1', { type: 'facts.recorded', component, facts: {} })
  const runbookHash = recordRunbook(journal, 'run', runbook)
  const coming = [...night.journal.kept]
  let written: Event | undefined
  return {
    ...{ plan, stateDirectory },
    growUntil(last) {
      for (let entry = coming.shift(); entry !== undefined; entry = coming.shift()) {
        at = entry.at
        journal.append(entry.run, asWritten(entry, plan, { planHash, runbookHash }))
        written = entry.event
        if (last(entry.event)) return at
      }
      throw new Error('the night has no such entry any more')
    },
    last: () => written,
    close: () => journal.close(),
    progress: (step, progress, when) => journal.progress.set('run', step, { ...progress, at: when }),
  }
}

/** Orders by those whom the plan names. */
function asWritten(
  { event }: Entry,
  { people }: Plan,
  hashes: { planHash: string; runbookHash: string },
): Event {
  if (event.type === 'run.started') return { ...event, ...hashes, by: people[0]?.name ?? '' }
  if (event.type !== 'order.received' || !('role' in event.order.order)) return event
  const { role } = event.order.order
  const by = people.find(person => person.role === role)?.name ?? role
  return { ...event, order: { ...event.order, by } }
}
