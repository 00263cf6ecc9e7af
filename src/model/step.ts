import type { FigureForms } from './figure.ts'
import type { JsonObject } from './json.ts'
import type { OnFailure, Role, SiteSide, Threshold } from './plan.ts'
import type { RunMode } from './run-mode.ts'
import type { GateId, StageId } from './stage.ts'
import type { Text } from './text.ts'

/**
 * `shared`: what users of both sites go through, as public DNS. `outside`: a host outside both, from which Bascule tests.
 * `replication`: at the source, only what keeps the target's copy up to date (records of what changed, snapshots, files under
 * way, the instant in which a guest's filesystems are frozen for them); never what users are served from.
 */
export type TouchedSide = SiteSide | 'shared' | 'outside' | 'replication'

/** R1 a component with data does not accept writes, R2 service does not start, R3 data differs, R4 time overrun; order: a person said so. */
export type Trigger = 'R1' | 'R2' | 'R3' | 'R4' | 'no-go' | 'order' | 'failure' | 'rehearsal'

/**
 * One act on the world. It is data: what it does is `actions[action]` of its component's kind.
 * Everything here goes into the runbook's hash and into the journal: a run that goes on, or goes back, does so by that.
 */
export type Step = {
  /** `<component>.<name>`, unique in the runbook. */
  id: string
  component: string
  kind: string
  action: string
  params: JsonObject
  /** Where its apply changes something, and where its undo does when that differs. */
  touches?: TouchedSide[]
  undoTouches?: TouchedSide[]
  /** From its apply on the target may hold what is nowhere else. */
  handsOver?: true
  /** It closes the source for good: once it is done, the target has everything. */
  stopsSource?: true
  /**
   * It makes or proves its component's return path, and nothing else: without the source it has nothing to do. `monitored`: the path is
   * looked at from the reopening on and can be made again; `unmonitored`: whatever happens after the reopening, the undo brings it back.
   */
  makesReturnPath?: 'monitored' | 'unmonitored'
  /**
   * Nothing of its component brings back what users write at the target: from the reopening on a rollback is refused, and one that
   * nobody ordered waits for people.
   */
  noReturnPath?: true
  title: Text
  stage: StageId
  /** Ids of steps and gates that must have ended well before. */
  after: string[]
  owner: Role
  expectedSeconds: number
  /** How `expectedSeconds` is made up and spreads, for the forecast. Absent: of nothing shared, with the spread of an estimate. */
  duration?: DurationModel
  /** A running attempt is aborted, its remote processes too, when it has run this long. */
  deadlineSeconds: number
  attempts: number
  backoffSeconds: number
  /** Which rollback trigger its final failure is. */
  trigger: Trigger
  undo: Undo
  /**
   * It sends much between the sites. `resumes`: a new attempt goes on where an ended one was, so that it is ended while a
   * line is lost; `goes-on`: it would begin again from nothing, and is left to run as the line allows.
   */
  transfer?: 'resumes' | 'goes-on'
  /**
   * The run goes on beside it: nothing waits for it, and its time is not the window's. When it fails for good that is told, and
   * the run neither stops nor is undone for it.
   */
  beside?: true
  /** What it waits for and can do without, if it never answers. */
  mayLeaveOut?: OptionalPart[]
}
export type DurationModel = {
  /** P95 over expected, 1 or more. Absent: as estimates spread. */
  spread?: number
  /** Of `expectedSeconds`, those spent sending over the link between the sites with nothing beside. Absent: all of a `transfer`, else none. */
  linkSeconds?: number
  /** What it uses alone, as `DISK at HOST`: beside a step that names the same, each takes as much longer. */
  alone?: string[]
}
/** A part of a component, as failures and orders name it. */
export type OptionalPart = {
  part: string
  /** Why the plan lets it be left out by itself. Absent: a person must order it. */
  reason?: string
  /** What it means for users while it is left out, and after a rollback. */
  means: Text
  meansRolledBack: Text
}
export type Undo =
  | { possible: true; expectedSeconds: number; deadlineSeconds: number; byHand: Text }
  | { possible: false; why: Text }

/** A read-only test with a threshold, asked when its gate is reached. */
export type Check = {
  id: string
  component: string
  kind: string
  measure: string
  unit: string
  title: Text
  threshold: Threshold
  onFailure: OnFailure
  attempts: number
  backoffSeconds: number
  deadlineSeconds: number
  /** Measured when the gate's other checks have ended. Absent: beside them. */
  alone?: true
  /** A gate does not open on an older figure. Absent: no limit, as older programs compiled it. */
  maxAgeSeconds?: number
}
/** Checks plus named sign-offs. It never opens by time passing. */
export type Gate = { id: GateId; title: Text; after: string[]; checks: Check[]; signoffs: Role[] }

/** What a kind plans: the compiler fills in the component, its owner and the edges between components. */
export type PlannedStep = Omit<Step, 'component' | 'kind' | 'owner' | 'id'> & {
  /** Unique within the component. `after` names steps of the same component by this name. */
  name: string
}

export type { RunMode }
export type Runbook = {
  plan: string
  mode: RunMode
  /** In an order in which each stands after all that it waits for. */
  steps: Step[]
  gates: Gate[]
  /** By kind: how its figures are shown. */
  figures?: Record<string, FigureForms>
  /** SHA-256 of the canonical JSON of the rest. */
  hash: string
}
