import { randomUUID } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import type { Entry } from '../model/event.ts'
import type { CallObserver } from '../model/host-call.ts'
import type { Progress } from '../model/io.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { History, Run } from '../model/run.ts'
import type { Runbook, RunMode } from '../model/step.ts'
import { programVersion } from '../model/version.ts'
import { compile } from '../runbook/compile.ts'
import { signerOf } from '../transport/ssh-signatures.ts'
import { recordAudit } from './audit.ts'
import { systemClock } from './clock.ts'
import { type CloseRecord, refuseWrongClosing } from './closing.ts'
import { dispatchThrough } from './dispatch.ts'
import { execute } from './execute.ts'
import type { Ended } from './execute-input.ts'
import { fold } from './fold.ts'
import { type Excuse, rehearsalVoid, requireFreshRehearsal } from './fresh-rehearsal.ts'
import { keepCallsIn } from './kept-calls.ts'
import { monitoredLines } from './line-monitor.ts'
import { lastMoved, mayStart, refuseBlocked, runToResume } from './may-start.ts'
import type { Authority, Clock, CopiesPort, SealsPort } from './ports.ts'
import { throttledProgress } from './progress.ts'
import { requireFreshPreflight, requireSameEstate } from './readiness.ts'
import { planOf, recordKey, recordPlan, recordRunbook, runbookOf } from './recorded.ts'
import { returnPathSeconds } from './return-path-monitor.ts'
import { type OpenState, openState } from './state.ts'
import { runWindow } from './window.ts'

/** How the sites are told which program may act; it comes from a kind, so the caller joins it in. */
export type TakeAuthority = (state: OpenState, plan: Plan) => Promise<Taken>
/** What this program may act by from now on. */
export type Taken = Authority & { fencingNumber: number; copies?: CopiesPort; seals?: SealsPort }

export type SessionInput = {
  kinds: Record<string, Kind>
  stateDirectory: string
  by: string
  takeAuthority: TakeAuthority
  waitForPeople?: boolean
  stop?: AbortSignal
  onEntry?: (entry: Entry) => void
  /** Told of what is done at the hosts, and read from them; secrets are masked. */
  onCall?: CallObserver
  onProgress?: (step: string, progress: Progress) => void
  /** What a run stands on. Absent: the machine's own disk, network and clock. */
  ground?: Ground
}
export type Ground = { openState: typeof openState; clock: Clock }
const ownMachine: Ground = { openState, clock: systemClock }

/** A closing goes by the plan of the night that moved the estate, and by the order to end it. */
export type StartInput = SessionInput & (Opened | { mode: 'close'; order: CloseRecord })
type Opened = {
  mode: Exclude<RunMode, 'close'>
  plan: Plan
  startAt?: Temporal.Instant
  withoutRehearsal?: string
  /** Who answers for that, where the plan wants a fresh rehearsal. */
  excuse?: Excuse
}
export type SessionEnd = { run: Run; ended: Ended }

/** What an audit finds keeps them from beginning: the days before may have changed what the preparation found. */
const audited: ReadonlySet<RunMode> = new Set(['preparation', 'live'])

export const newRunId = (mode: RunMode): string => `${mode}-${randomUUID().slice(0, 8)}`

/** Begins a run and carries it to its end. */
export async function startRun(input: StartInput): Promise<SessionEnd> {
  const { kinds, mode, by } = input
  const { startAt, withoutRehearsal, excuse } = input.mode === 'close' ? {} : input
  const choosePlan = (history: History): Plan => {
    mayStart(history, mode, withoutRehearsal)
    return input.mode === 'close' ? planOf(history, movedNight(history)) : input.plan
  }
  return inState(input, mode, choosePlan, async state => {
    const { plan, journal } = state
    const run = excuse?.run ?? newRunId(mode)
    const planHash = recordPlan(journal, run, plan)
    const { clock } = input.ground ?? ownMachine
    if (mode === 'live') requireFreshPreflight({ journal, plan, run }, clock.now().toString())
    if (audited.has(mode)) refuseBlocked((await recordAudit(state, plan, kinds, mode)).findings)
    const history = fold(journal.entries())
    const runbook = compile({ plan, kinds, mode, facts: history.facts })
    if (mode === 'live') {
      requireSameEstate({ journal, plan }, kinds, { facts: history.facts, runbook })
      const rehearsal = compile({ plan, kinds, mode: 'rehearsal', facts: history.facts })
      const why = rehearsalVoid(history, plan, rehearsal, clock.now().toString())
      requireFreshRehearsal({ journal, plan, signerOf }, why, excuse)
    }
    const night = input.mode === 'close' ? movedNight(history).id : ''
    if (input.mode === 'close') refuseWrongClosing(state, night, runbook, input.order, signerOf)
    const authority = await input.takeAuthority(state, plan)
    const window = runWindow(plan, mode, clock.now(), startAt)
    if (input.mode === 'close') journal.append(night, { type: 'order.received', order: input.order })
    const runbookHash = recordRunbook(journal, run, runbook)
    journal.append(run, {
      type: 'run.started',
      mode,
      planName: plan.name,
      planHash,
      runbookHash,
      programVersion: programVersion(),
      windowStart: window.start.toString(),
      windowEnd: window.end.toString(),
      fencingNumber: authority.fencingNumber,
      by,
      ...(startAt && { plannedStart: runWindow(plan, mode, window.start).start.toString() }),
      ...(withoutRehearsal !== undefined && { withoutRehearsal }),
      ...(!authority.copies && { withoutCopies: true }),
    })
    if (excuse !== undefined) journal.append(run, { type: 'order.received', order: excuse.record })
    if (!authority.copies) journal.append(run, { type: 'note', text: { key: 'run.noCopy' } })
    return executeRun(input, state, runbook, run, authority)
  })
}

/**
 * Goes on with the last run from the journal alone: its plan and its runbook are those it began with, whatever the plan file
 * and this program would say today. `evenEnded` continues a run that has ended well, too, for an order that waits in the
 * inbox; `night` continues that run, whatever came after it.
 */
export async function resumeRun(
  input: SessionInput & { evenEnded?: boolean; night?: string },
): Promise<SessionEnd> {
  const goOn = (history: History): Run =>
    input.night === undefined ? runToResume(history, input.evenEnded ?? false) : runIn(history, input.night)
  const choosePlan = (history: History): Plan => planOf(history, goOn(history))
  return inState(input, 'resume', choosePlan, async state => {
    const history = fold(state.journal.entries())
    const run = goOn(history)
    const runbook = runbookOf(history, run)
    const authority = await input.takeAuthority(state, state.plan)
    state.journal.append(run.id, {
      type: 'run.resumed',
      fencingNumber: authority.fencingNumber,
      by: input.by,
      programVersion: programVersion(),
    })
    return executeRun(input, state, runbook, run.id, authority)
  })
}

type Opening = Pick<SessionInput, 'stateDirectory' | 'by' | 'onEntry' | 'onCall' | 'ground'>

export async function inState<T>(
  { stateDirectory, by, onEntry, onCall, ground = ownMachine }: Opening,
  verb: string,
  choosePlan: (history: History) => Plan,
  work: (state: OpenState) => Promise<T>,
): Promise<T> {
  const state = await ground.openState({
    stateDirectory,
    by,
    verb,
    choosePlan,
    ...(onEntry && { onAppended: onEntry }),
    ...(onCall && { onCall }),
  })
  try {
    return await work(state)
  } finally {
    await state.close()
  }
}

/** `mayStart` has refused a closing when nothing has moved. */
function movedNight(history: History): Run {
  const moved = lastMoved(history)
  if (moved === undefined) throw new Error('there is nothing to close')
  return moved
}

async function executeRun(
  input: SessionInput,
  state: OpenState,
  runbook: Runbook,
  run: string,
  authority: Taken,
): Promise<SessionEnd> {
  const { kinds, stop, onProgress, waitForPeople, ground = ownMachine } = input
  const { plan } = state
  if (authority.seals) recordKey(state.journal, run, authority.seals.key)
  await state.transport.connect()
  const { programVersion: begunBy } = runIn(fold(state.journal.entries()), run)
  const ended = await execute({
    plan,
    runbook,
    run,
    watched: monitoredLines(plan, kinds),
    returnPathSeconds: returnPathSeconds(plan, kinds),
    ports: {
      journal: state.journal,
      dispatch: dispatchThrough(
        kinds,
        state.transport,
        state.hosts,
        begunBy,
        keepCallsIn(input.stateDirectory),
      ),
      clock: ground.clock,
      orders: state.inbox,
      authority,
      signerOf,
      ...(authority.copies && { copies: authority.copies }),
      ...(authority.seals && { seals: authority.seals }),
    },
    onProgress: throttledProgress(state.journal, run, onProgress),
    ...(waitForPeople !== undefined && { waitForPeople }),
    ...(stop && { stop }),
  })
  return { run: runIn(fold(state.journal.entries()), run), ended }
}

function runIn(history: History, id: string): Run {
  const run = history.runs.find(one => one.id === id)
  if (run === undefined) throw new Error(`run ${id} is not in the journal`)
  return run
}
