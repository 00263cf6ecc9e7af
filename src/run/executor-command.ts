import { Temporal } from 'temporal-polyfill'
import type { Outcome } from '../model/event.ts'
import type { SiteSide } from '../model/plan.ts'
import type { GateId } from '../model/stage.ts'
import type { Trigger } from '../model/step.ts'
import type { Text } from '../model/text.ts'

/** What the executor is to do now. Each is written to the journal before or as it happens. */
export type ExecutorCommand =
  | { do: 'start'; step: string; attempt: number }
  /** It ran when the program ended: end what is left of it, probe it, and start it again only if it is not done. */
  | { do: 'recover'; step: string; attempt: number }
  | { do: 'abort'; step: string; why: 'deadline' | 'rollback' | 'line-lost' | 'site-given-up' }
  | { do: 'reach'; gate: GateId }
  | { do: 'check'; gate: GateId; check: string; attempt: number }
  | { do: 'abort-check'; gate: GateId; check: string }
  | { do: 'open'; gate: GateId }
  /** The plan lets the part be left out; the step that failed for want of it begins again. */
  | { do: 'leave-out'; component: string; part: string; reason: string }
  /** It has nothing to do without the site that is given up. */
  | { do: 'pass-over-step'; step: string }
  | { do: 'roll-back'; trigger: Trigger; why: Text }
  /** Which of a site's hosts answer is found out, and written down, before anything is undone. */
  | { do: 'ask-site'; side: SiteSide }
  | { do: 'give-up'; side: SiteSide; silent: string[]; why: Text }
  | { do: 'undo'; step: string; attempt: number }
  /** Its undo is impossible and says why in the runbook, or has nothing to do without the site that is given up. */
  | { do: 'pass-over-undo'; step: string; how: 'skipped' | 'site-given-up' }
  | { do: 'abort-undo'; step: string; why: 'deadline' | 'site-given-up' }
  | { do: 'repair'; step: string; component: string; attempt: number }
  | { do: 'abort-repair'; component: string; why: 'deadline' }
  | { do: 'finish'; outcome: Outcome }

/** What a person's plan says about going back. Seconds. */
export type RollbackSettings = { undoAttempts: number; undoBackoffSeconds: number }

/** An instant of the journal, as the machine's clock would tell it if it had always been what it is now. */
export type OnClock = (at: string) => Temporal.Instant

/** One machine's clock is read more than once for a decision, in milliseconds. */
const roundingSeconds = 0.5

/** `now`, and the soonest instant at which deciding again could give something else. */
export class DecisionClock {
  readonly now: Temporal.Instant
  readonly #onClock: OnClock
  wakeAt: Temporal.Instant | undefined
  constructor(now: Temporal.Instant, onClock: OnClock = at => Temporal.Instant.from(at)) {
    this.now = now
    this.#onClock = onClock
  }
  /** Whether so long has passed since an instant of the journal. As `isPast`, and no jump of the machine's clock counts. */
  isOver(at: string, seconds: number): boolean {
    return this.isPast(after(this.#onClock(at), seconds))
  }
  /**
   * Whether what failed has waited long enough. `failures` is 0 after a resume or a person's retry: then there is nothing to wait for,
   * whatever clock told its end.
   */
  mayTryAgain(
    { failures, endedAt }: { failures: number; endedAt?: string },
    backoffSeconds: number,
  ): boolean {
    if (endedAt === undefined) return false
    return failures === 0 || this.isOver(endedAt, backoff(backoffSeconds, failures))
  }
  /**
   * Whether an instant of the journal is longer ago, as `isOver` counts. One that is to come was told by another clock: how long ago it
   * is, nobody knows, and it counts as too long.
   */
  isOlder(at: string, seconds: number): boolean {
    const age = this.now.since(this.#onClock(at)).total('seconds')
    return age > seconds || age < -roundingSeconds
  }
  /** False also notes the instant as a reason to wake. */
  isPast(instant: Temporal.Instant): boolean {
    if (Temporal.Instant.compare(instant, this.now) <= 0) return true
    if (this.wakeAt === undefined || Temporal.Instant.compare(instant, this.wakeAt) < 0) this.wakeAt = instant
    return false
  }
}

/** Doubles with each failure, up to sixteen times: a service that comes up slowly is not hammered. */
export const backoff = (backoffSeconds: number, failures: number): number =>
  backoffSeconds * Math.min(2 ** Math.max(0, failures - 1), 16)

export function after(instant: string | Temporal.Instant, seconds: number): Temporal.Instant {
  return Temporal.Instant.from(instant).add({ milliseconds: Math.round(seconds * 1000) })
}
