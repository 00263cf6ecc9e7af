import type { JsonObject } from './json.ts'
import type { RunMode } from './run-mode.ts'
import type { Architecture, Rates, SizeBytes, Slot, Work } from './schedule.ts'
import type { GateId } from './stage.ts'

/** What the people wrote, parsed and complete: every default filled in, every reference resolved. */
export type Plan = {
  name: string
  title: string
  /** IANA zone in which the window, the phases and every printed time are read. */
  zone: string
  sites: { source: Site; target: Site }
  /** Hosts at neither site, from which one looks at both as others do: a trainer's machine, a stranger's. */
  outside: Record<string, Host>
  ssh: SshSettings
  window: Window
  people: Person[]
  /** Who wrote the plan. Absent: nobody is named. */
  author?: Author
  /** Whether orders must be signed by the key of who gives them. Absent: an older program wrote the plan down, as `declared`. */
  signatures?: 'required' | 'declared'
  /** An authority that stamps the journal's seals with its time (RFC 3161). Absent: none is asked. */
  timestamps?: TimestampAuthority
  components: Record<string, Component>
  checks: Record<string, CheckSpec>
  gates: Record<GateId, GateSpec>
  phases: DuePhase[]
  /** What people planned for the window, in the order written. Absent: nothing; Bascule's own steps are the schedule. */
  schedule?: Slot[]
  rates?: Rates
  /** What stands at the target. Absent: the plan does not say, and nothing of it is judged. */
  architecture?: Architecture
  rollback: RollbackPolicy
  /** Absent: an old preflight is told, and keeps no night from beginning; any rehearsal counts. */
  readiness?: ReadinessPolicy
  /** Absent: as the program assumes. */
  forecast?: ForecastPolicy
  notices: Notice[]
}

export type SiteSide = 'source' | 'target'
export type Site = {
  id: string
  title: string
  hosts: Record<string, Host>
  /** Their names as people wrote them, one after the other: the journal keeps no order of names. Absent: in any order. */
  hostOrder?: string[]
}
/**
 * `ssh` is the name given to the ssh program; `address` is what other hosts of the estate reach it by.
 * `become`: how commands of another user (or root) are run there: `runuser` when ssh logs in as root, else `sudo -n`.
 */
export type Host = { ssh: string; address: string; become: 'runuser' | 'sudo' }
/** `trusted`: file of certificates (PEM) that its stamps are verified with, on the machine that verifies. */
export type TimestampAuthority = { url: string; trusted?: string }
export type SshSettings = { configFile?: string; connectTimeoutSeconds: number }

export type Window = {
  /** Local date and time in `Plan.zone`, e.g. 2026-12-12T22:00. */
  start: string
  lengthMinutes: number
  /** Kept free at the end: a rollback must be able to finish before it begins. */
  rollbackReserveMinutes: number
}

export type Role = string
/** `from`/`until` are days relative to the day of the window: -14 is J-14, 7 is J+7. */
export type Person = {
  role: Role
  name: string
  contact: string
  duties: string
  /** The public half of an ssh key, as in authorized_keys. */
  key?: string
  available: { fromDay: number; untilDay: number }
}

/** Where another than the author must approve: a GO at a gate, the second signature of what needs two people. */
export type Approval = GateId | 'countersign'
/** `name`: of one of `people`. */
export type Author = { name: string; mayNotApprove: Approval[] }

export type Criticality = 'critical' | 'high' | 'medium' | 'low'
export type Component = {
  id: string
  kind: string
  title: string
  criticality: Criticality
  owner: Role
  needs: string[]
  declaredSizeBytes?: { from: number; to: number }
  /** What the component's kind asks for; already validated against the kind's own schema. */
  spec: JsonObject
}

export type Threshold = { atLeast: number } | { below: number } | { equals: number }
/** What to do when a check still fails after its attempts: keep the gate shut, undo the night, or only tell. */
export type OnFailure = 'block' | 'roll-back' | 'alert'
export type CheckSpec = {
  id: string
  component: string
  /** A measure that the component's kind offers. */
  measure: string
  threshold: Threshold
  gate: GateId
  onFailure: OnFailure
  attempts: number
  backoffSeconds: number
  /** Absent: an older program wrote the plan down. */
  maxAgeSeconds?: number
}
export type GateSpec = { signoffs: Role[] }
/**
 * `work` and `components`: what of `Slot` is done in these days. Absent: not said. `run`: the run whose success shows that the phase is
 * done. Absent: the journal cannot tell.
 */
export type DuePhase = {
  id: string
  title: string
  fromDay: number
  untilDay: number
  owner: Role
  work?: Work
  components?: string[]
  sizeBytes?: SizeBytes
  run?: RunMode
}

export type RollbackPolicy = {
  /** R1: how long a component with data may take to accept writes at the target. */
  databaseStartSeconds: number
  /** R2: how often a service is started at the target before the night is undone. */
  serviceStartAttempts: number
  /** R4: how long a lost line is waited for while users are kept out. */
  lineLostSeconds: number
  /** Added to every rollback forecast before the last safe moment is computed. */
  marginSeconds: number
  undoAttempts: number
  undoBackoffSeconds: number
}
/** `percentile`: of the simulated nights that must fit the window. */
export type ForecastPolicy = { percentile: ForecastPercentile; signoffSeconds?: number }
/**
 * How old a preflight, and a rehearsal of the same steps, may be when the night begins. `exceptionBy`: who may let it begin without such
 * a rehearsal. Absent: any rehearsal counts.
 */
export type ReadinessPolicy = {
  preflightSeconds: number
  rehearsal?: { maxAgeSeconds: number; exceptionBy: Role }
}
export type ForecastPercentile = 50 | 80 | 95
export type Notice = { id: string; day: number; to: string; subject: string; bodyFile: string }
