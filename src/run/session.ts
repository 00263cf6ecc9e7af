import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { canonicalJson, sha256Hex } from '../model/canonical.ts'
import type { Entry } from '../model/event.ts'
import type { FactsByComponent } from '../model/fact.ts'
import { Failure } from '../model/failure.ts'
import type { Progress } from '../model/io.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { History, Run } from '../model/run.ts'
import type { Runbook, RunMode } from '../model/step.ts'
import { compile } from '../runbook/compile.ts'
import { recordAudit } from './audit.ts'
import { systemClock } from './clock.ts'
import { dispatchThrough } from './dispatch.ts'
import { execute } from './execute.ts'
import type { Ended } from './execute-input.ts'
import { fold } from './fold.ts'
import { monitoredLines } from './line-monitor.ts'
import { mayStart, refuseBlocked, runToResume } from './may-start.ts'
import type { Authority } from './ports.ts'
import { throttledProgress } from './progress.ts'
import { type OpenState, openState } from './state.ts'
import { runWindow } from './window.ts'

/** How the sites are told which program may act; it comes from a kind, so the caller joins it in. */
export type TakeAuthority = (state: OpenState, plan: Plan) => Promise<Authority>

export type SessionInput = {
  plan: Plan
  kinds: Record<string, Kind>
  stateDirectory: string
  by: string
  takeAuthority: TakeAuthority
  waitForPeople?: boolean
  stop?: AbortSignal
  onEntry?: (entry: Entry) => void
  onProgress?: (step: string, progress: Progress) => void
}
export type SessionEnd = { run: Run; ended: Ended }

/** Begins a run and carries it to its end. A preparation audits first, and refuses what an audit blocks. */
export async function startRun(
  input: SessionInput & { mode: RunMode; startAt?: Temporal.Instant; withoutRehearsal?: string },
): Promise<SessionEnd> {
  const { plan, kinds, mode, by } = input
  return inState(input, mode, async state => {
    mayStart(fold(state.journal.entries()), mode, input.withoutRehearsal)
    if (mode === 'preparation') refuseBlocked((await recordAudit(state, plan, kinds, mode)).findings)
    const runbook = compile({ plan, kinds, mode, facts: fold(state.journal.entries()).facts })
    const authority = await input.takeAuthority(state, plan)
    const window = runWindow(plan, mode, Temporal.Now.instant(), input.startAt)
    const run = `${mode}-${randomUUID().slice(0, 8)}`
    state.journal.append(run, {
      type: 'run.started',
      mode,
      planName: plan.name,
      planHash: planHash(plan),
      runbookHash: runbook.hash,
      windowStart: window.start.toString(),
      windowEnd: window.end.toString(),
      fencingNumber: state.lock.number,
      by,
      ...(input.startAt && { plannedStart: runWindow(plan, mode, window.start).start.toString() }),
      ...(input.withoutRehearsal !== undefined && { withoutRehearsal: input.withoutRehearsal }),
    })
    return executeRun(input, state, runbook, run, authority)
  })
}

/**
 * Goes on with the last run from what the journal says. `reopen` lets a run that has ended well be opened again, for an
 * order that waits in the inbox. Refuses when plan or runbook are no more what the run began with.
 */
export async function resumeRun(input: SessionInput & { reopen?: boolean }): Promise<SessionEnd> {
  const { plan, kinds, by } = input
  return inState(input, 'resume', async state => {
    const entries = state.journal.entries()
    const run = runToResume(fold(entries), input.reopen ?? false)
    const runbook = runbookOf(entries, run, plan, kinds)
    if (runbook.hash !== run.runbookHash) throw changed(run, planHash(plan) !== run.planHash)
    const authority = await input.takeAuthority(state, plan)
    state.journal.append(run.id, { type: 'run.resumed', fencingNumber: state.lock.number, by })
    return executeRun(input, state, runbook, run.id, authority)
  })
}

export async function inState<T>(
  { plan, stateDirectory, by, onEntry }: Pick<SessionInput, 'plan' | 'stateDirectory' | 'by' | 'onEntry'>,
  verb: string,
  work: (state: OpenState) => Promise<T>,
): Promise<T> {
  const state = await openState(plan, stateDirectory, by, verb, onEntry)
  try {
    return await work(state)
  } finally {
    await state.close()
  }
}

async function executeRun(
  input: SessionInput,
  state: OpenState,
  runbook: Runbook,
  run: string,
  authority: Authority,
): Promise<SessionEnd> {
  const { plan, kinds, stop, onProgress, waitForPeople } = input
  await state.transport.connect()
  const ended = await execute({
    plan,
    runbook,
    run,
    watched: monitoredLines(plan, kinds),
    ports: {
      journal: state.journal,
      dispatch: dispatchThrough(kinds, state.transport, state.hosts),
      clock: systemClock,
      orders: state.inbox,
      authority,
    },
    onProgress: throttledProgress(state.journal, run, onProgress),
    ...(waitForPeople !== undefined && { waitForPeople }),
    ...(stop && { stop }),
  })
  return { run: runIn(fold(state.journal.entries()), run), ended }
}

export const planHash = (plan: Plan): string => sha256Hex(canonicalJson(plan))

/** The runbook that a run began with, from what was known then. */
export function runbookOf(entries: Entry[], run: Run, plan: Plan, kinds: Record<string, Kind>): Runbook {
  return compile({ plan, kinds, mode: run.mode, facts: factsAtStart(entries, run) })
}

/** An audit made since does not change the runbook of a run that has begun. */
function factsAtStart(entries: Entry[], run: Run): FactsByComponent {
  const start = entries.findIndex(entry => entry.run === run.id && entry.event.type === 'run.started')
  return fold(entries.slice(0, start)).facts
}

function runIn(history: History, id: string): Run {
  const run = history.runs.find(one => one.id === id)
  if (run === undefined) throw new Error(`run ${id} is not in the journal`)
  return run
}

function changed(run: Run, planToo: boolean): Failure {
  return new Failure(
    { key: planToo ? 'run.planChanged' : 'run.runbookChanged', values: { run: run.id } },
    { remedy: { key: 'run.changed.remedy' } },
  )
}
