import type { Temporal } from 'temporal-polyfill'
import type { Entry, Event, OrderRecord } from '../model/event.ts'
import type { CallObserver } from '../model/host-call.ts'
import type { Progress } from '../model/io.ts'
import type { JsonObject } from '../model/json.ts'
import type { LineStatus, MeasureContext, Measurement, StepContext } from '../model/kind.ts'
import type { Plan, SiteSide } from '../model/plan.ts'
import type { ReturnPathSeen } from '../model/return-path.ts'
import type { Check } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import type { SignerOf } from './signatures.ts'

/** What the executor needs of the rest. Small, so that another engine can carry the same run. */
export type Ports = {
  journal: JournalPort
  dispatch: Dispatch
  clock: Clock
  orders: OrdersPort
  authority: Authority
  /** Absent: no signature can be checked, and an order that must have one is refused. */
  signerOf?: SignerOf
  /** Absent: nothing at the sites keeps a copy. */
  copies?: CopiesPort
  /** Absent: nothing at the sites keeps seals. */
  seals?: SealsPort
}

/** `append` returns only when the entry is on the disk; it throws when that cannot be had, and the run stops. */
export type JournalPort = { append(run: string, event: Event): Entry; entries(): Entry[] }

export type Clock = {
  /** As the machine's clock says: what a plan names by its time is compared with it. */
  now(): Temporal.Instant
  /** What has passed since some instant, whatever becomes of the machine's clock. */
  elapsedMilliseconds(): number
  /** Ends at the instant, or when `wake` fires, whichever comes first. */
  sleepUntil(instant: Temporal.Instant, wake: AbortSignal): Promise<void>
}

/** What people have sent since the last call, oldest first. A repeated delivery is harmless. */
export type OrdersPort = {
  take(run: string): OrderRecord[]
  /** How long an order may lie in the inbox before it is looked for. */
  pollMilliseconds: number
}

/** Throws Failure (exit code 75) when another program holds the sites. Asked before every act. `without`: a site that is not asked. */
export type Authority = { check(without?: SiteSide): Promise<void> }

/** The copies of the journal at the sites. */
export type CopiesPort = {
  /**
   * Every entry written so far is at each host that can be reached when it returns. Throws Failure as `Authority` does. The site
   * `without` is not asked, from then on.
   */
  bring(without?: SiteSide): Promise<void>
  /** The same, not waited for. */
  bringSoon(): void
  /** Which were lost or came back since the last call. Throws what a host has refused meanwhile. */
  changes(): Event[]
  close(): Promise<void>
}

/** Signed seals of the journal at the sites. */
export type SealsPort = {
  /** The public key that they can be verified with. */
  key: string
  /**
   * What the journal holds now is in its copies, and then sealed, at each host that can be reached when it returns. Never throws: a
   * seal that a host did not take, or that could not be made, is told. The site `without` is not asked, from then on.
   */
  seal(without?: SiteSide): Promise<void>
  /** The seals made since the last call. */
  changes(): Event[]
  /** Makes no more seals; returns when the one under way has ended. Never throws. */
  close(): Promise<void>
}

/** Building what is to be done is the kinds' part, doing it the transport's; this joins the two. */
export type Dispatch = {
  isDone(context: StepContext, work: Work): Promise<boolean | JsonObject>
  apply(context: StepContext, work: Work): Promise<JsonObject | undefined>
  /** What was left as it was found, in sentences. */
  undo(context: StepContext, work: Work): Promise<Text[]>
  measure(check: Check, context: MeasureContext, work: Work): Promise<Measurement>
  /** Looks once at what a component's kind watches. */
  look(component: string, watch: string, context: MeasureContext, work: Work): Promise<LineStatus>
  /** Looks once at a component's return path, and makes it again. */
  lookBack(component: string, context: MeasureContext, work: Work): Promise<ReturnPathSeen>
  repair(context: StepContext, work: Work): Promise<JsonObject>
  /**
   * Ends what an earlier attempt left running, at the remote hosts too. Gives the hosts that could not be asked; those of a site
   * that the run does without are not.
   */
  killOrphanedCommands(key: string, about: Pick<StepContext, 'plan' | 'without'>): Promise<string[]>
  /** Which hosts of the site, by ssh name, give no answer to anything within seconds, however often they are asked. */
  silentHosts(plan: Plan, side: SiteSide, work: Work): Promise<string[]>
}
/** `key` names the step of this run; what runs remotely is found again by it. */
export type Work = {
  key: string
  signal: AbortSignal
  onProgress: (progress: Progress) => void
  onCall?: CallObserver
}
