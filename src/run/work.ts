import type { Event } from '../model/event.ts'
import { Failure, hasCode } from '../model/failure.ts'
import type { Progress } from '../model/io.ts'
import type { JsonObject } from '../model/json.ts'
import type { MeasureContext, StepContext } from '../model/kind.ts'
import type { ReturnPathSeen } from '../model/return-path.ts'
import type { GateId } from '../model/stage.ts'
import type { Check } from '../model/step.ts'
import { failureRecord } from './failure-record.ts'
import type { Dispatch, Ports, Work } from './ports.ts'
import { passes } from './threshold.ts'

type StepAborted = NonNullable<Extract<Event, { type: 'step.failed' }>['aborted']>
type UndoAborted = NonNullable<Extract<Event, { type: 'undo.failed' }>['aborted']>
type Progressing = (progress: Progress) => void

/** Carries a step out and says how it ended. Its authority is asked first: an older program changes nothing. */
export async function applyStep(
  ports: Ports,
  key: string,
  attempt: number,
  context: StepContext,
  signal: AbortSignal,
  onProgress: Progressing,
): Promise<Event> {
  const step = context.step.id
  const work: Work = { key, signal, onProgress }
  const interrupted = await askAuthority(ports, context, signal)
  try {
    if (interrupted) throw interrupted
    const found = attempt > 1 && (await ports.dispatch.isDone(context, work))
    if (found !== false) return foundDone(step, attempt, found)
    const result = await ports.dispatch.apply(context, work)
    return { type: 'step.done', step, attempt, how: 'applied', ...(result && { result }) }
  } catch (error) {
    return { type: 'step.failed', step, attempt, failure: failureRecord(error), ...aborted(signal) }
  }
}

/** After a crash: ends what is left of the attempt and asks whether it had come to its end. */
export async function recoverStep(
  dispatch: Dispatch,
  key: string,
  attempt: number,
  context: StepContext,
  signal: AbortSignal,
): Promise<Event[]> {
  const step = context.step.id
  try {
    const unasked = await dispatch.killOrphanedCommands(key, context)
    const found = await dispatch.isDone(context, { key, signal, onProgress: () => {} })
    const event: Event =
      found === false ? { type: 'step.started', step, attempt } : foundDone(step, attempt - 1, found)
    return [...leftoversNote(step, unasked), event]
  } catch (error) {
    const failure = failureRecord(error)
    return [{ type: 'step.failed', step, attempt: attempt - 1, failure, ...aborted(signal) }]
  }
}

/**
 * `wasInterrupted`: an attempt, or an earlier undo, ran when the program ended, and may still run at a host. What this
 * program aborts itself is ended already.
 */
export async function undoStep(
  ports: Ports,
  wasInterrupted: boolean,
  key: string,
  attempt: number,
  context: StepContext,
  signal: AbortSignal,
  onProgress: Progressing,
): Promise<Event[]> {
  const step = context.step.id
  const interrupted = await askAuthority(ports, context, signal)
  try {
    if (interrupted) throw interrupted
    const unasked = wasInterrupted ? await ports.dispatch.killOrphanedCommands(key, context) : []
    const left = await ports.dispatch.undo(context, { key, signal, onProgress })
    const notes = left.map((text): Event => ({ type: 'note', text, data: { step } }))
    return [...leftoversNote(step, unasked), ...notes, { type: 'undo.done', step, attempt, how: 'applied' }]
  } catch (error) {
    const aborted = signal.reason as UndoAborted
    const why = signal.aborted ? { aborted } : {}
    return [{ type: 'undo.failed', step, attempt, failure: failureRecord(error), ...why }]
  }
}

/** Another attempt first ends what the one before may have left at work. What it came to is looked at at once. */
export async function repairReturnPath(
  ports: Ports,
  key: string,
  attempt: number,
  context: StepContext,
  signal: AbortSignal,
  onProgress: Progressing,
): Promise<Event[]> {
  const component = context.component.id
  const work: Work = { key, signal, onProgress }
  const interrupted = await askAuthority(ports, context, signal)
  try {
    if (interrupted) throw interrupted
    const unasked = attempt > 1 ? await ports.dispatch.killOrphanedCommands(key, context) : []
    const result = await ports.dispatch.repair(context, work)
    const seen = await lookBack(ports.dispatch, component, context, work)
    return [
      ...leftoversNote(context.step.id, unasked),
      { type: 'return-path.repaired', component, attempt, result },
      { type: 'return-path.seen', component, seen },
    ]
  } catch (error) {
    const why = signal.aborted ? { aborted: signal.reason as 'deadline' | 'rollback' | 'stop' } : {}
    return [{ type: 'return-path.repair-failed', component, attempt, failure: failureRecord(error), ...why }]
  }
}

/** What cannot be asked is broken as long as it cannot: a rollback needs it. */
export async function lookBack(
  dispatch: Dispatch,
  component: string,
  context: MeasureContext,
  work: Work,
): Promise<ReturnPathSeen> {
  try {
    return await dispatch.lookBack(component, context, work)
  } catch (error) {
    return {
      state: 'broken',
      bytesBehind: null,
      secondsBehind: null,
      atStake: { key: 'run.returnPath.unknown' },
      why: failureRecord(error).text,
    }
  }
}

export async function measureCheck(
  dispatch: Dispatch,
  key: string,
  gate: GateId,
  check: Check,
  attempt: number,
  context: MeasureContext,
  signal: AbortSignal,
): Promise<Event> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(check.deadlineSeconds * 1000)])
  try {
    const work: Work = { key, signal: deadline, onProgress: () => {} }
    const measured = await dispatch.measure(check, context, work)
    const passed = passes(measured, check.threshold)
    return { type: 'check.done', gate, check: check.id, attempt, passed, unit: check.unit, ...measured }
  } catch (error) {
    const why = signal.reason === 'line-lost' ? ({ aborted: 'line-lost' } as const) : {}
    const failure = failureRecord(refusalIn(error) ?? error)
    return { type: 'check.failed', gate, check: check.id, attempt, failure, ...why }
  }
}

/** That a host of a site is not asked any more, whatever the measure made of it. */
function refusalIn(error: unknown): Failure | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (hasCode(cause, 'site-given-up')) return cause
  return undefined
}

/**
 * What the authority throws ends the program, so it is no failure of the step. That the attempt was aborted before the answer came is
 * one, and is given back.
 */
async function askAuthority(
  { authority }: Ports,
  { step, without }: StepContext,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const answered = new AbortController()
  const aborts = new Promise<boolean>(resolve => {
    if (signal.aborted) return resolve(false)
    signal.addEventListener('abort', () => resolve(false), { once: true, signal: answered.signal })
  })
  try {
    const isAsked = await Promise.race([authority.check(without).then(() => true), aborts])
    if (isAsked) return undefined
    const cause = signal.reason
    return new Failure({ key: 'transport.aborted', values: { what: step.id } }, { code: 'aborted', cause })
  } finally {
    answered.abort()
  }
}

/** A clean-up that could not be made is written down, never passed over. */
const leftoversNote = (step: string, hosts: string[]): Event[] =>
  hosts.length === 0
    ? []
    : [{ type: 'note', text: { key: 'run.leftoversUnasked', values: { step, hosts: hosts.join(', ') } } }]

const foundDone = (step: string, attempt: number, found: true | JsonObject): Event => ({
  type: 'step.done',
  step,
  attempt,
  how: 'found-done',
  ...(found !== true && { result: found }),
})

const aborted = (signal: AbortSignal) => (signal.aborted ? { aborted: signal.reason as StepAborted } : {})
