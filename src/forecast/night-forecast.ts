import type { Band } from './quantiles.ts'
import type { NightTask } from './tasks.ts'

/** Seconds are those since the beginning of the night. */
export type NightForecast = {
  simulations: number
  finish: Band
  /** Of the simulated nights that must fit the window, as the plan names it. */
  percentile: number
  /** The finish at that percentile. */
  finishSeconds: number
  limits: Limits
  /** From 0 to 1. */
  chanceToFit: number
  fits: boolean
  /** For windows of other lengths, ascending. */
  chances: WindowChance[]
  /** Mean seconds in which the end of the night waits for people, and for the rest. */
  peopleSeconds: number
  machineSeconds: number
  /** In the order in which they are expected to begin. */
  tasks: TaskForecast[]
  helps: Help[]
}

export type TaskForecast = Pick<NightTask, 'id' | 'of' | 'basis'> & {
  start: Band
  end: Band
  /** In how many of the nights a delay of it would have delayed the end, from 0 to 1. */
  criticality: number
  /** By how much it may be late without delaying the end, on average. Absent: nothing waits for it. */
  slackSeconds?: number
  /** The way back once it has ended, without the plan's margin. */
  rollback: Band
}

/**
 * A night fits when its work ends before the reserve begins, and when the gate of the reopening opens while a rollback from there, with
 * the plan's margin, still ends before the reserve: a run that is later rolls back by itself.
 */
export type Limits = { finishSeconds: number; reopeningSeconds?: number }

/** A window that ended so many seconds after its beginning, with the plan's reserve and margin, would hold in this share of the nights. */
export type WindowChance = { endSeconds: number; chance: number }

/** One change alone, all else as it is. */
export type Change =
  | { what: 'window'; minutes: number }
  | { what: 'link'; mbps: number }
  /** A step has so much less to do. `bytes`: what that is of what it sends; absent: it sends nothing, or nobody knows the link's rate. */
  | { what: 'work'; step: string; percent: number; bytes?: number }
  | { what: 'people'; percent: number }
/** By how much the end at the plan's percentile comes earlier, and the chance to fit rises, from 0 to 1. */
export type Help = { change: Change; earlierSeconds: number; chanceGain: number }
