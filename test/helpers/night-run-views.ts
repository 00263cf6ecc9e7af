import { forecast } from '../../src/forecast/forecast.ts'
import type { Gate, Step } from '../../src/model/step.ts'
import type { RunView } from '../../src/views/run-view.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { type Behaviour, RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aCheck, aPlan, aRunbook, aStep } from './small-runbook.ts'

const titled = (id: string, after: string[], change: Partial<Step> = {}): Step =>
  aStep(id, after, { title: { key: 'test.step', values: { step: id } }, ...change })

/** A small move of a database, files and a service, with the three gates of a night. */
export function nightSteps(): Step[] {
  return [
    titled('auth.maintenance', ['go'], { stage: 'announce', owner: 'sysadmin' }),
    titled('auth.stop', ['auth.maintenance'], { stage: 'quiesce', expectedSeconds: 4 }),
    titled('database.fence', ['auth.stop'], { stage: 'fence', owner: 'dba' }),
    titled('files.delta', ['auth.stop'], { stage: 'drain', expectedSeconds: 30 }),
    titled('database.promote', ['integrity'], {
      stage: 'handover',
      owner: 'dba',
      trigger: 'R1',
      expectedSeconds: 5,
    }),
    titled('auth.start', ['database.promote'], { stage: 'start', trigger: 'R2', expectedSeconds: 6 }),
    titled('names.switch', ['reopen'], {
      stage: 'switch',
      owner: 'network',
      undo: { possible: false, why: { key: 'test.cannot' } },
    }),
    titled('auth.reopen', ['names.switch'], { stage: 'restore-service' }),
  ]
}

export function nightGates(): Gate[] {
  const gate = (id: Gate['id'], after: string[], checks: string[]): Gate => ({
    id,
    title: { key: 'test.gate', values: { gate: id } },
    after,
    checks: checks.map(check =>
      aCheck(check, { component: 'database', title: { key: 'test.check', values: { check } }, unit: 's' }),
    ),
    signoffs: ['lead', 'dba'],
  })
  return [
    gate('go', [], ['T2']),
    gate('integrity', ['database.fence', 'files.delta', 'go'], ['T9']),
    gate('reopen', ['auth.start', 'integrity'], ['T10', 'T13']),
  ]
}

export type NightOptions = {
  behaviours?: Record<string, Behaviour>
  values?: Record<string, number>
  people?: Person[]
  minutes?: number
  /** When the line is away, in seconds from the beginning. */
  outages?: RecordingWorld['outages']
}

export function aViewedNight(options: NightOptions = {}): Night {
  const clock = new VirtualClock()
  const steps = nightSteps()
  const runbook = aRunbook(steps, nightGates())
  const plan = aPlan(steps, {
    title: 'Montpellier → Toulouse',
    window: { start: '2026-12-12T22:00', lengthMinutes: options.minutes ?? 120, rollbackReserveMinutes: 10 },
    people: [
      {
        role: 'lead',
        name: 'Claire Martin',
        contact: '',
        duties: '',
        available: { fromDay: -14, untilDay: 7 },
      },
      { role: 'dba', name: 'Ana Diaz', contact: '', duties: '', available: { fromDay: -7, untilDay: 3 } },
    ],
  })
  const world = new RecordingWorld(clock, options.behaviours, options.values)
  world.outages = options.outages ?? []
  return new Night(plan, runbook, clock, world, options.people ?? willing(runbook))
}

export function pictureOf(night: Night): RunView {
  const { plan, runbook, run, clock } = night
  return {
    plan,
    runbook,
    run,
    forecast: forecast(runbook, run, plan, clock.now()),
    now: clock.now().toString(),
    window: { start: run.windowStart, end: run.windowEnd },
  }
}
