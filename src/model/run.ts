import type { DoneHow, Outcome, SignedHashes, Written } from './event.ts'
import type { FactsByComponent } from './fact.ts'
import type { FailureRecord } from './failure.ts'
import type { SiteGivenUp } from './given-up.ts'
import type { HostClock } from './host-clock.ts'
import type { JsonObject } from './json.ts'
import type { Plan, Role, SiteSide } from './plan.ts'
import type { Residual } from './residual.ts'
import type { ReturnPathSeen } from './return-path.ts'
import type { GateId } from './stage.ts'
import type { Runbook, RunMode, Trigger } from './step.ts'
import type { Text } from './text.ts'

/**
 * One execution of a runbook: the journal's entries of one run id, folded. Instants are ISO strings; a `sequence` is the place of an
 * entry in the journal.
 */
export type Run = {
  id: string
  mode: RunMode
  planName: string
  planHash: string
  runbookHash: string
  programVersion: string
  windowStart: string
  windowEnd: string
  fencingNumber: number
  plannedStart?: string
  withoutRehearsal?: string
  withoutCopies?: true
  /** Who answers for a night without a fresh rehearsal of its steps. */
  rehearsalExcused?: { at: string; by: string; role: Role; reason: string }
  startedAt: string
  /** Where a program, or a person after a hold, took it up again: nobody looked in between. */
  resumedSequence?: number
  finishedAt?: string
  outcome?: Outcome
  steps: Record<string, StepState>
  gates: Partial<Record<GateId, GateState>>
  held?: { at: string; by: string; reason?: string }
  /** What the run stands on and is lost now, by `component.watch`. */
  linesLost: Record<string, Written & { component: string; why: Text }>
  /** Hosts whose copy of the journal lacks entries now. */
  copiesLost: Record<string, { at: string; why: Text }>
  rollback?: Written & { trigger: Trigger; why: Text }
  /** Parts of components that the run does without. Absent: none. */
  leftOut?: LeftOut[]
  /** A person ordered it; the executor has not begun it yet. */
  rollbackOrdered?: { at: string; by: string; reason: string }
  orders: Record<string, 'received' | 'refused'>
  /** When the hosts of a site were asked last whether they are there, and which were silent. */
  sitesAsked?: Partial<Record<SiteSide, Written & { silent: string[]; answering?: string[] | undefined }>>
  /** For good: the run does without this site to its end. */
  siteGivenUp?: SiteGivenUp
  /** As last looked at, by component. `since`: when its state was found to be this one. */
  returnPaths: Record<string, ReturnPathSeen & { at: string; since: string }>
  /** A person ordered that the return paths are made again; what came of it, by component. */
  repair?: { at: string; by: string; reason: string; components: Record<string, RepairState> }
  /** When it had moved; later orders to the finished run do not change it. */
  movedAt?: string
  /** How long undos of earlier runs took, as the journal told when this one began. Absent: none was measured. */
  undosBefore?: readonly Residual[]
}

export type RepairState = {
  status: 'running' | 'interrupted' | 'done' | 'failed'
  attempt: number
  at: string
  result?: JsonObject
  failure?: FailureRecord
}

/** `by`: who ordered it; absent: the plan lets it be left out. */
export type LeftOut = { component: string; part: string; at: string; reason: string; by?: string }

/** `paused`: its attempt was ended because a line was lost; it goes on when the line is back. */
export type StepStatus = 'waiting' | 'running' | 'interrupted' | 'paused' | 'done' | 'failed'
export type StepState = {
  status: StepStatus
  attempt: number
  startedAt?: string
  startedSequence?: number
  endedAt?: string
  endedSequence?: number
  how?: DoneHow
  result?: JsonObject
  failure?: FailureRecord
  /** Failed attempts since the start, or since a person ordered a retry. */
  failures: number
  /** True as soon as apply may have touched the world: it must be undone even if it failed. */
  mayHaveChanged: boolean
  /** It has failed while a return path was not good: by itself the run is not rolled back for it, also once the path is good again. */
  isForPeople?: true
  undo?: UndoState
}
export type UndoState = {
  status: StepStatus
  attempt: number
  startedAt?: string
  endedAt?: string
  endedSequence?: number
  how?: DoneHow
  failure?: FailureRecord
  failures: number
  /** It runs, and was begun before a site was given up: it asks what is dead. */
  outdated?: true
}
export type CheckState = {
  status: 'waiting' | 'running' | 'interrupted' | 'passed' | 'failed'
  attempt: number
  failures: number
  at?: string
  sequence?: number
  value?: number
  unit?: string
  figures?: JsonObject
  detail?: Text[]
  unverified?: boolean
  failure?: FailureRecord
}
export type GateState = {
  reachedAt: string
  openedAt?: string
  checks: Record<string, CheckState>
  signoffs: Record<
    Role,
    { decision: 'go' | 'no-go'; by: string; at: string; note?: string; signs?: SignedHashes }
  >
}

/**
 * What the journal as a whole says: the last facts, how far each host's clock was from Bascule's when last compared, all runs, oldest
 * first, by hash the plans and runbooks they carry out, and how long undos took (absent: none was measured).
 */
export type History = {
  facts: FactsByComponent
  clocks: Record<string, HostClock>
  runs: Run[]
  plans: Record<string, Plan>
  runbooks: Record<string, Runbook>
  undos?: readonly Residual[]
}
