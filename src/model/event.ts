import type { Facts, Finding } from './fact.ts'
import type { FailureRecord } from './failure.ts'
import type { GivenUp, SignedGivenUp } from './given-up.ts'
import type { HostClock } from './host-clock.ts'
import type { Json, JsonObject } from './json.ts'
import type { Plan, Role, SiteSide } from './plan.ts'
import type { ReturnPathSeen } from './return-path.ts'
import type { GateId } from './stage.ts'
import type { Runbook, RunMode, Trigger } from './step.ts'
import type { Text } from './text.ts'

/**
 * How a step came to be done: applied by this run, found already done, or done by a person. `site-given-up`: it, or its undo, was
 * passed over, for it has nothing to do without that site.
 */
export type DoneHow = 'applied' | 'found-done' | 'by-hand' | 'skipped' | 'site-given-up'
export type Outcome =
  | 'prepared'
  | 'rehearsed'
  | 'moved'
  | 'rolled-back'
  /** People did, or skipped, at least one undo: Bascule has not seen that it was done. */
  | 'rolled-back-by-hand'
  | 'rollback-failed'
  | 'held'
  | 'failed'
  | 'closed'

/**
 * What the journal holds, and nothing else is true. `at` (ISO instant) and `run` are in the entry around it.
 * An effect is acknowledged only after its event is on the disk.
 */
export type Event =
  /** Once per content: what a run or an audit was given. A secret is in it as a reference, as people wrote it. */
  | { type: 'plan.recorded'; hash: string; plan: Plan }
  /** Once per content, before the first run that carries it out begins. */
  | { type: 'runbook.recorded'; hash: string; runbook: Runbook }
  | { type: 'facts.recorded'; component: string; facts: Facts }
  | { type: 'findings.recorded'; findings: Finding[] }
  /**
   * A preflight has ended, by this plan; its facts are entries of the same run. `actsHash`: of what the night would do, by those facts.
   * `ready`: nothing was in the way.
   */
  | { type: 'preflight.ended'; planHash: string; actsHash: string; ready: boolean }
  /** By host, of those that gave their time. */
  | { type: 'clocks.compared'; clocks: Record<string, HostClock> }
  | {
      type: 'run.started'
      mode: RunMode
      planName: string
      /** Both are in the journal, in a `plan.recorded` and a `runbook.recorded` before this. */
      planHash: string
      runbookHash: string
      /** The version of Bascule that began the run. */
      programVersion: string
      /** The window's real start and end, as this run uses them. */
      windowStart: string
      windowEnd: string
      fencingNumber: number
      by: string
      /** The window that the plan names, when a person let the run begin at another time. */
      plannedStart?: string
      /** Why no rehearsal was wanted. */
      withoutRehearsal?: string
      /** The plan has nobody who keeps a copy of the journal at the sites. */
      withoutCopies?: true
    }
  | { type: 'run.resumed'; fencingNumber: number; by: string; programVersion: string }
  | { type: 'run.finished'; outcome: Outcome }
  | { type: 'step.started'; step: string; attempt: number }
  | {
      type: 'step.done'
      step: string
      attempt: number
      how: DoneHow
      result?: JsonObject
      by?: string
      reason?: string
    }
  | {
      type: 'step.failed'
      step: string
      attempt: number
      failure: FailureRecord
      aborted?: 'deadline' | 'rollback' | 'stop' | 'line-lost' | 'site-given-up'
    }
  | { type: 'gate.reached'; gate: GateId }
  | { type: 'check.started'; gate: GateId; check: string; attempt: number }
  | {
      type: 'check.done'
      gate: GateId
      check: string
      attempt: number
      passed: boolean
      value: number
      unit: string
      figures: JsonObject
      detail?: Text[]
      unverified?: boolean
    }
  | {
      type: 'check.failed'
      gate: GateId
      check: string
      attempt: number
      failure: FailureRecord
      aborted?: 'line-lost'
    }
  | { type: 'gate.opened'; gate: GateId }
  | { type: 'order.received'; order: OrderRecord }
  | { type: 'order.refused'; order: OrderRecord; why: Text }
  /** As the plan lets it be; a person's word is in the order. */
  | { type: 'part.left-out'; component: string; part: string; reason: string }
  | { type: 'rollback.started'; trigger: Trigger; why: Text }
  | { type: 'undo.started'; step: string; attempt: number }
  | { type: 'undo.done'; step: string; attempt: number; how: DoneHow; by?: string; reason?: string }
  | {
      type: 'undo.failed'
      step: string
      attempt: number
      failure: FailureRecord
      aborted?: 'deadline' | 'stop' | 'site-given-up'
    }
  /** Before a rollback undoes anything, and again when an undo has failed: which hosts of that site give no answer. */
  | { type: 'site.asked'; side: SiteSide; silent: string[]; answering?: string[] | undefined }
  /** By the run itself, as the journal allows. People do it by an order, which says the same. */
  | ({ type: 'site.given-up'; why: Text } & GivenUp)
  | { type: 'line.lost'; component: string; watch: string; why: Text }
  | { type: 'line.back'; component: string; watch: string }
  | { type: 'return-path.seen'; component: string; seen: ReturnPathSeen }
  | { type: 'return-path.repair-started'; component: string; attempt: number }
  | { type: 'return-path.repaired'; component: string; attempt: number; result: JsonObject }
  | {
      type: 'return-path.repair-failed'
      component: string
      attempt: number
      failure: FailureRecord
      aborted?: 'deadline' | 'rollback' | 'stop'
    }
  /** The journal's copy at a host cannot be kept up to date; it is, and again has every entry. */
  | { type: 'copy.lost'; host: string; why: Text }
  | { type: 'copy.back'; host: string }
  /** Before the first seal that it signs: the public key of this state directory, as verifiers of signed notes take it. */
  | { type: 'journal.key'; key: string }
  /** A signed seal of the entries before this one is at these hosts. `root`: of the tree over them, base64. */
  | { type: 'journal.sealed'; entries: number; root: string; hosts: string[]; missing?: SealMissing[] }
  /** A time-stamp authority's answer (RFC 3161, DER in base64) to the hash of a seal's text; or why there is none. */
  | { type: 'journal.stamped'; origin: string; entries: number; root: string; response: string }
  | { type: 'journal.not-stamped'; entries: number; why: Text }
  | { type: 'note'; text: Text; data?: Json }

/** A host that did not take a seal, and why. */
export type SealMissing = { host: string; why: Text }

/** What a person tells a run. `id` makes a repeated delivery harmless. */
export type Order =
  | { do: 'go' | 'no-go'; gate?: GateId; role: Role; note?: string; signs?: SignedHashes }
  | { do: 'hold' | 'resume'; reason?: string }
  | { do: 'roll-back'; reason: string; without?: SignedGivenUp }
  /** Makes every return path of the run again that is not as it should be. */
  | { do: 'repair-return-path'; reason: string }
  /** The way forward, for good without the source, which is dead, and so without a way back. */
  | { do: 'go-on'; reason: string; without: SignedGivenUp }
  /** The step (or its undo, during a rollback) was done, is to be tried again, or is skipped; by a person, for a reason. */
  | { do: 'done' | 'retry' | 'skip'; step: string; reason: string }
  /** A part of a component is done without: what does not answer, and may be left out. */
  | { do: 'leave-out'; component: string; part: string; reason: string }
  /** Another machine goes on with the copy of the journal at a host; `withoutCopyOf`: without that of a host that cannot be asked. */
  | { do: 'takeover'; from: string; withoutCopyOf?: string }
  /** Who gives it answers for a night without a fresh rehearsal of its steps; it is given to the run that begins by it. */
  | { do: 'excuse-rehearsal'; role: Role; reason: string }
  /** Ends the migration; it is given to the night that moved. */
  | { do: 'close'; final?: FinalSteps }
/** What a GO is given for, by its hash: it counts for no other plan and runbook. Absent: an older program sent it. */
export type SignedHashes = { planHash: string; runbookHash: string }
/** Steps of a closing that nothing undoes, and the second person who answers for them. */
export type FinalSteps = { steps: string[]; and: string }
export type OrderRecord = { id: string; at: string; by: string; order: Order; signed?: SignedText }
/**
 * What people have signed, word for word, and their signatures: first that of who gives the order. Anybody can check them again with
 * `ssh-keygen -Y verify`. Absent: the plan takes names as they are declared.
 */
export type SignedText = { text: string; signatures: string[] }

export type Entry = {
  sequence: number
  at: string
  run: string
  event: Event
  previousHash: string
  hash: string
}
/** When an entry was written, and its place: what came first is told by the place, for clocks differ and are put back. */
export type Written = Pick<Entry, 'at' | 'sequence'>
/** Where a journal, or a copy of one, ends: how many entries it has, and the last one's hash; empty before the first. */
export type JournalHead = { entries: number; hash: string }
