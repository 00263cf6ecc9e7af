import type { Entry, Event } from '../model/event.ts'
import { millisecondsOf, secondsBetween } from '../model/instant.ts'
import type { Kind } from '../model/kind.ts'
import type { Residual } from '../model/residual.ts'
import type { Gate, Runbook, Step } from '../model/step.ts'
import { checksSeconds } from './checks-seconds.ts'
import { aloneSeconds, linkShareOf, type Sent } from './link-share.ts'
import { type Basis, correctedRatios, type Ratios } from './ratios.ts'

/** Whether the very same was measured, or others like it. */
export type BasisOf = Basis & { of?: 'itself' | 'alike' }

/**
 * Of a thing: what was measured of itself, be it once; else of all like it. Others run on other hosts: however often they were measured,
 * their middle is not its own.
 */
export function ratiosFor(
  residuals: readonly Residual[],
  { timed, id, like }: Pick<Residual, 'timed' | 'id' | 'like'>,
  spread: number,
): { ratios: Ratios; basis: BasisOf } {
  const { used, isItself } = measuredOf(residuals, { timed, id, like })
  const { ratios, basis } = correctedRatios(used.map(ratioOf), spread)
  return { ratios, basis: used.length === 0 ? basis : { ...basis, of: isItself ? 'itself' : 'alike' } }
}

export const ratioOf = ({ seconds, expectedSeconds }: Residual): number => seconds / expectedSeconds

/** What counts of all that was measured. `isItself`: others alike are not among it. */
export function measuredOf(
  residuals: readonly Residual[],
  { timed, id, like }: Pick<Residual, 'timed' | 'id' | 'like'>,
): { used: Residual[]; isItself: boolean } {
  const alike = residuals.filter(one => one.timed === timed && one.like === like && one.expectedSeconds > 0)
  const itself = alike.filter(one => one.id === id)
  const isItself = itself.length > 0
  return { used: isItself ? itself : alike, isItself }
}

/** What two steps have in common that do the same to different components. */
export const likeStep = ({ kind, action }: Pick<Step, 'kind' | 'action'>): string => `${kind}/${action}`

/**
 * Every duration that the journal holds, of all runs, the oldest first. What a program's end cut through is left out, as is
 * what people did or what was found done.
 */
export function residualsIn(entries: readonly Entry[], kinds: Record<string, Kind>): readonly Residual[] {
  const timings = new Timings(kinds)
  for (const entry of entries) timings.read(entry)
  return timings.residuals
}

/** The same, read entry by entry by who sees them come. */
export class Timings {
  readonly #timed: Residual[] = []
  /** Made anew when it is asked for after something was timed. */
  #residuals: readonly Residual[] | undefined
  readonly #kinds: Record<string, Kind>
  readonly #runbooks = new Map<string, Runbook>()
  readonly #runs = new Map<string, Reading>()

  constructor(kinds: Record<string, Kind>) {
    this.#kinds = kinds
  }

  read({ event, run, at }: Pick<Entry, 'event' | 'run' | 'at'>): void {
    if (event.type === 'runbook.recorded') this.#runbooks.set(event.hash, event.runbook)
    if (event.type === 'run.started') {
      const runbook = this.#runbooks.get(event.runbookHash)
      if (runbook !== undefined) this.#runs.set(run, new Reading(runbook, this.#kinds))
    }
    const found = this.#runs.get(run)?.read(event, at)
    if (found === undefined) return
    this.#timed.push(found)
    this.#residuals = undefined
  }

  get residuals(): readonly Residual[] {
    this.#residuals ??= this.#withLinkAlone()
    return this.#residuals
  }

  #withLinkAlone(): Residual[] {
    const alone = new Map([...this.#runs.values()].flatMap(reading => reading.aloneSeconds()))
    return this.#timed.map(one => ({ ...one, seconds: alone.get(one) ?? one.seconds }))
  }
}

/** How long a step, or its undo, has taken; undefined where a person did it, or it was found done. */
export function endResidual(step: Step, event: StepEnd, begun: string, at: string): Residual | undefined {
  if (event.how !== 'applied') return undefined
  const of = { id: step.id, like: likeStep(step), seconds: secondsBetween(begun, at) }
  if (event.type === 'step.done') return { timed: 'apply', ...of, expectedSeconds: step.expectedSeconds }
  return step.undo.possible ? { timed: 'undo', ...of, expectedSeconds: step.undo.expectedSeconds } : undefined
}

/** One run, read event by event: what has begun, and when. */
class Reading {
  readonly #steps: Map<string, Step>
  readonly #gates: readonly Gate[]
  readonly #kinds: Record<string, Kind>
  readonly #begun = new Map<string, string>()
  /** By gate: the checks that have not been measured once, and since when people alone are waited for. */
  readonly #unmeasured = new Map<string, Set<string>>()
  readonly #waitingSince = new Map<string, string>()
  /** What has sent over the link, and the duration that it gave: an attempt that failed gave none. */
  readonly #sent: { sent: Sent; residual: Residual | undefined }[] = []
  /** Who has said GO: a role that says it again was not waited for. */
  readonly #given = new Set<string>()

  constructor(runbook: Runbook, kinds: Record<string, Kind>) {
    this.#steps = new Map(runbook.steps.map(step => [step.id, step]))
    this.#gates = runbook.gates
    this.#kinds = kinds
  }

  read(event: Event, at: string): Residual | undefined {
    switch (event.type) {
      case 'run.resumed':
        this.#begun.clear()
        this.#waitingSince.clear()
        return undefined
      case 'step.started':
      case 'undo.started':
        this.#begun.set(keyOf(event), at)
        return undefined
      case 'step.done':
      case 'undo.done':
        return this.#ended(event, at)
      case 'step.failed':
        this.#send(event.step, this.#begun.get(keyOf(event)), at, undefined)
        this.#begun.delete(keyOf(event))
        return undefined
      case 'undo.failed':
        this.#begun.delete(keyOf(event))
        return undefined
      case 'gate.reached':
        return this.#reached(event.gate, at)
      case 'check.done':
        return this.#checked(event.gate, event.check, at)
      case 'order.received':
        return this.#ordered(event, at)
      default:
        return undefined
    }
  }

  /** Of each step that sent over the link: how long it would have taken with the link to itself. */
  aloneSeconds(): [Residual, number][] {
    const seconds = aloneSeconds(this.#sent.map(({ sent }) => sent))
    return this.#sent.flatMap(({ residual }, index) =>
      residual === undefined ? [] : [[residual, seconds[index] as number]],
    )
  }

  #send(id: string, begun: string | undefined, at: string, residual: Residual | undefined): void {
    const step = this.#steps.get(id)
    const linkShare = step === undefined ? 0 : linkShareOf(step)
    if (begun === undefined || linkShare === 0) return
    const [from, to] = [begun, at].map(instant => millisecondsOf(instant) / 1000) as [number, number]
    this.#sent.push({ sent: { begun: from, ended: to, linkShare }, residual })
  }

  #ended(event: StepEnd, at: string): Residual | undefined {
    const key = keyOf(event)
    const begun = this.#begun.get(key)
    this.#begun.delete(key)
    const step = this.#steps.get(event.step)
    const residual =
      begun === undefined || step === undefined ? undefined : endResidual(step, event, begun, at)
    if (residual?.timed === 'apply') this.#send(event.step, begun, at, residual)
    return residual
  }

  #reached(id: string, at: string): undefined {
    const checks = this.#gates.find(gate => gate.id === id)?.checks ?? []
    this.#begun.set(`gate ${id}`, at)
    this.#unmeasured.set(id, new Set(checks.map(check => check.id)))
    if (checks.length === 0) this.#waitingSince.set(id, at)
  }

  #checked(id: string, check: string, at: string): Residual | undefined {
    const left = this.#unmeasured.get(id)
    if (left === undefined || !left.delete(check) || left.size > 0) return undefined
    this.#waitingSince.set(id, at)
    const begun = this.#begun.get(`gate ${id}`)
    const gate = this.#gates.find(one => one.id === id)
    if (begun === undefined || gate === undefined) return undefined
    const seconds = secondsBetween(begun, at)
    return { timed: 'checks', id, like: id, seconds, expectedSeconds: checksSeconds(gate, this.#kinds) }
  }

  /** The wait itself, whatever was expected of it: the expected second is one. */
  #ordered(
    { order: { order } }: Extract<Event, { type: 'order.received' }>,
    at: string,
  ): Residual | undefined {
    if (order.do !== 'go') return undefined
    const since = this.#waitingSince.get(order.gate ?? '')
    const given = `${order.gate} ${order.role}`
    if (since === undefined || this.#given.has(given)) return undefined
    this.#given.add(given)
    const seconds = Math.max(0, secondsBetween(since, at))
    return { timed: 'sign-off', id: order.role, like: 'sign-off', seconds, expectedSeconds: 1 }
  }
}

type StepEnd = Extract<Event, { type: 'step.done' | 'undo.done' }>
const keyOf = ({ type, step }: { type: string; step: string }): string => `${type.split('.')[0]} ${step}`
