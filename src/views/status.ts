import type { Finish } from '../forecast/run-finish.ts'
import type { WayBackBasis } from '../forecast/way-back.ts'
import type { Outcome } from '../model/event.ts'
import { secondsBetween } from '../model/instant.ts'
import type { Author } from '../model/plan.ts'
import type { RunMode, Trigger } from '../model/step.ts'
import { hasNoWayBack } from '../run/given-up/source.ts'
import { withoutReturnPath } from '../run/return-path.ts'
import { type DelayRow, delayRows } from './delays.ts'
import type { Formatter } from './formatter.ts'
import { type GateRow, gateRows } from './gates.ts'
import { type GivenUpView, givenUpView } from './given-up.ts'
import { type LeftOutRow, leftOutRows } from './left-out.ts'
import { type ReturnPathRow, returnPathRows } from './return-paths.ts'
import { type StepRow, stepRows } from './rows.ts'
import type { RunView } from './run-view.ts'
import { type Waiting, waiting } from './waiting.ts'

export type RunState = 'not-started' | 'running' | 'waiting' | 'held' | 'line-lost' | 'rolling-back' | Outcome

export type Status = {
  /** To whom orders go; none before the first run. */
  run?: string
  mode: RunMode
  state: RunState
  now: string
  window: { start: string; end: string; leftSeconds: number }
  projectedFinish: string
  /** The same simulated from here, with what people take. Absent: nothing more is begun. */
  finish?: Finish
  /** What the end waits for now, and who waits for that; what delays it most comes first. */
  delays: DelayRow[]
  /** The last instant at which a rollback still ends inside the window; only while one may come. */
  lastSafe?: { at: string; leftSeconds: number; rollbackSeconds: number; basis: WayBackBasis }
  criticalPath: string[]
  steps: StepRow[]
  gates: GateRow[]
  waiting: Waiting[]
  /** What the run stands on and is lost now. It waits; deadlines and the last safe moment go on. */
  linesLost: { component: string; since: string; why: string }[]
  /** Parts of components that the run does without, and what that means for users. */
  leftOut: LeftOutRow[]
  /** From the reopening on: whether what users write at the target can come back. */
  returnPaths: ReturnPathRow[]
  /** Hosts whose copy of the journal lacks entries. The run goes on without it. */
  copiesLost: { host: string; since: string; why: string }[]
  /** `declared`: operator commands are not signed, names and roles are as typed. */
  signatures: 'required' | 'declared'
  /** Who wrote the plan, and what is another's to approve. */
  author?: Author
  rollback?: { at: string; trigger: Trigger; why: string }
  givenUp?: GivenUpView
}

export function status(runView: RunView, formatter: Formatter): Status {
  const givenUp = givenUpView(runView, formatter)
  const { run, forecast, now, window } = runView
  const waits = waiting(runView, formatter)
  const isUnderWay = run?.mode === 'live' && !run.outcome && !run.rollback
  const mayRollBack = isUnderWay && !hasNoWayBack(run) && withoutReturnPath(runView.runbook, run).length === 0
  return {
    ...(run && { run: run.id }),
    mode: runView.runbook.mode,
    state: runState(runView, waits),
    now,
    window: { ...window, leftSeconds: secondsBetween(now, window.end) },
    projectedFinish: run?.finishedAt ?? forecast.projectedFinish,
    ...(runView.finish && { finish: { p50: runView.finish.p50, p95: runView.finish.p95 } }),
    delays: delayRows(runView),
    ...(mayRollBack
      ? {
          lastSafe: {
            at: forecast.lastSafe,
            leftSeconds: secondsBetween(now, forecast.lastSafe),
            rollbackSeconds: forecast.rollbackSeconds,
            basis: forecast.rollbackBasis,
          },
        }
      : {}),
    criticalPath: forecast.criticalPath,
    steps: stepRows(runView),
    gates: gateRows(runView),
    waiting: waits,
    linesLost: Object.values(run?.linesLost ?? {}).map(({ component, at, why }) => ({
      component,
      since: at,
      why: formatter.say(why),
    })),
    leftOut: leftOutRows(runView, formatter),
    returnPaths: returnPathRows(runView, formatter),
    copiesLost: Object.entries(run?.copiesLost ?? {}).map(([host, { at, why }]) => ({
      host,
      since: at,
      why: formatter.say(why),
    })),
    signatures: runView.plan.signatures ?? 'declared',
    ...(runView.plan.author && { author: runView.plan.author }),
    ...(run?.rollback
      ? {
          rollback: {
            at: run.rollback.at,
            trigger: run.rollback.trigger,
            why: formatter.say(run.rollback.why),
          },
        }
      : {}),
    ...(givenUp && { givenUp }),
  }
}

function runState(runView: RunView, waits: Waiting[]): RunState {
  const { run } = runView
  if (!run) return 'not-started'
  if (run.outcome) return run.outcome
  if (run.rollback) return 'rolling-back'
  if (run.held) return 'held'
  if (Object.keys(run.linesLost).length > 0) return 'line-lost'
  const busy = Object.values(run.steps).some(step => step.status === 'running')
  return waits.length > 0 && !busy ? 'waiting' : 'running'
}
