import type { Temporal } from 'temporal-polyfill'
import { millisecondsOf } from '../model/instant.ts'
import type { GateState, Run } from '../model/run.ts'
import type { Gate, Runbook } from '../model/step.ts'
import { networkOf } from './network.ts'
import { bandOf } from './quantiles.ts'
import type { Ratios } from './ratios.ts'
import { simulate } from './simulate.ts'
import { type ForecastInput, type NightTask, tasksOf } from './tasks.ts'

/** When the work ends, with what steps and people still take; ISO instants. */
export type Finish = { p50: string; p95: string }
/** Something that is under way, or may begin, and that the end waits for. */
export type Delay = {
  of: NightTask['of']
  /** Of the simulated nights, those whose end comes later if this does; from 0 to 1. */
  share: number
  /** Since when it goes on. Absent: it has not begun. */
  since?: string
  /** Ids of the steps and gates that wait for it directly. */
  waiting: string[]
}
/** `delays`: what delays the end most comes first. */
export type RunFinish = Finish & { delays: Delay[] }

/** Few enough for a table that is redrawn all the time. */
const simulations = 400
/** Any number does: the same journal and instant give the same figures. */
const seed = 20_261_212
/** Of a duration's ratios, those that are taken to say how long something goes on that has outlasted nearly all of them. */
const tailShare = 0.05

/** The rest of a run, simulated: what is done takes no time, what runs has outlasted its time so far, the rest is as in `bascule plan`. */
export function finishOf(input: ForecastInput, run: Run, now: Temporal.Instant): RunFinish {
  const tasks = tasksOf(input).map(task => ({ task, standing: standingOf(task, input.runbook, run) }))
  const rest = tasks.map(one => restOf(one, now.epochMilliseconds))
  const network = networkOf(rest)
  const samples = simulate(network, { count: simulations, seed })
  const { p50, p95 } = bandOf(samples.finish)
  const at = (seconds: number): string => now.add({ milliseconds: Math.round(seconds * 1000) }).toString()
  const shareOf = new Map(network.ids.map((id, place) => [id, (samples.critical[place] ?? 0) / simulations]))
  return { p50: at(p50), p95: at(p95), delays: delaysOf(tasks, shareOf) }
}

type Standing = 'ahead' | 'done' | { since: string }
type Placed = { task: NightTask; standing: Standing }

/** Of what waits for nothing any more, whatever the end waits for in some of the nights. */
function delaysOf(tasks: readonly Placed[], shareOf: ReadonlyMap<string, number>): Delay[] {
  const isOver = new Map(
    tasks.map(({ task, standing }) => [task.id, standing === 'done' || task.beside === true]),
  )
  return tasks
    .filter(({ task, standing }) => standing !== 'done' && task.after.every(id => isOver.get(id) ?? true))
    .map(({ task: { id, of }, standing }): Delay => {
      const waiting = tasks.filter(({ task }) => task.after.includes(id)).map(({ task }) => nodeOf(task))
      const since = typeof standing === 'object' ? standing : {}
      return { of, share: shareOf.get(id) ?? 0, ...since, waiting: [...new Set(waiting)] }
    })
    .filter(({ share }) => share > 0)
    .toSorted((one, other) => other.share - one.share)
}

const nodeOf = ({ of }: NightTask): string => ('step' in of ? of.step : of.gate)

function restOf({ task, standing }: Placed, now: number): NightTask {
  if (standing === 'ahead') return task
  if (standing === 'done') return { ...task, seconds: 0, linkShare: 0, alone: [] }
  const elapsed = Math.max(0, now - millisecondsOf(standing.since)) / 1000
  return { ...task, ...remaining(task, elapsed) }
}

function standingOf({ of }: NightTask, runbook: Runbook, run: Run): Standing {
  if ('step' in of) {
    const { status = 'waiting', startedAt } = run.steps[of.step] ?? {}
    if (status === 'done') return 'done'
    return status === 'running' && startedAt !== undefined ? { since: startedAt } : 'ahead'
  }
  const gate = runbook.gates.find(({ id }) => id === of.gate)
  const state = gate && run.gates[gate.id]
  if (gate === undefined || state === undefined) return 'ahead'
  if (state.openedAt !== undefined) return 'done'
  const checkedAt = lastCheckedAt(gate, state)
  if ('role' in of) {
    if (state.signoffs[of.role]?.decision === 'go') return 'done'
    return checkedAt === undefined ? 'ahead' : { since: checkedAt }
  }
  if (of.part === 'opened') return 'ahead'
  return checkedAt === undefined ? { since: state.reachedAt } : 'done'
}

/** When people alone were left to wait for. Undefined: a check is still to be measured, or keeps the gate shut. */
function lastCheckedAt({ checks }: Gate, { checks: states, reachedAt }: GateState): string | undefined {
  let last = reachedAt
  for (const { id, onFailure } of checks) {
    const { status, at } = states[id] ?? {}
    if (at === undefined || (status !== 'passed' && !(status === 'failed' && onFailure === 'alert')))
      return undefined
    if (millisecondsOf(at) > millisecondsOf(last)) last = at
  }
  return last
}

/**
 * What is left of something that has gone on for so long: of its equally likely durations those that are longer. Of one that has
 * outlasted nearly all of them, its time so far is taken as its P95: the longer it has taken, the longer it may yet.
 */
export function remaining(
  { seconds, ratios }: Pick<NightTask, 'seconds' | 'ratios'>,
  elapsedSeconds: number,
): { seconds: number; ratios: Ratios } {
  if (seconds <= 0) return { seconds, ratios }
  const elapsed = elapsedSeconds / seconds
  const tail = Math.max(1, Math.floor(ratios.length * tailShare))
  const longer = ratios.findIndex(ratio => ratio > elapsed)
  const kept = longer < 0 ? 0 : ratios.length - longer
  if (kept >= tail) return { seconds, ratios: stretched(ratios, longer, ratio => ratio - elapsed) }
  const first = ratios.length - tail
  const atFirst = ratios[first] as number
  return { seconds: elapsedSeconds, ratios: stretched(ratios, first, ratio => ratio / atFirst - 1) }
}

/** The ratios from that place on, each made another, as many as all are. */
function stretched(ratios: Ratios, from: number, to: (ratio: number) => number): Ratios {
  const kept = ratios.length - from
  return ratios.map((_, index) => to(ratios[from + Math.floor((index * kept) / ratios.length)] as number))
}
