import type { Entry, Outcome } from '../model/event.ts'
import type { Finding } from '../model/fact.ts'
import { secondsBetween } from '../model/instant.ts'
import type { JsonObject } from '../model/json.ts'
import type { Author } from '../model/plan.ts'
import type { Trigger } from '../model/step.ts'
import { hasNoWayBack } from '../run/given-up/source.ts'
import { withoutReturnPath } from '../run/return-path.ts'
import type { JournalSeal } from '../run/stored-runs.ts'
import { type Deviation, deviations } from './deviations.ts'
import type { Evidence } from './evidence.ts'
import type { Formatter } from './formatter.ts'
import { type GateRow, gateRows } from './gates.ts'
import type { GivenUpView } from './given-up.ts'
import type { LeftOutRow } from './left-out.ts'
import { type OrderRow, orderRows } from './orders.ts'
import { type StepRow, stepRows } from './rows.ts'
import type { RunView } from './run-view.ts'
import type { RunState } from './status.ts'
import { status } from './status.ts'
import { type Transfer, transfersOf } from './transfers.ts'
import type { WouldLose } from './words.ts'

export type ReportInput = {
  runView: RunView
  /** Of the whole journal; the report keeps to the run's own. */
  entries: readonly Entry[]
  journal: JournalSeal
  evidence?: Evidence
}

export type Report = {
  title: string
  mode: RunView['runbook']['mode']
  outcome: RunState
  run?: { id: string; startedBy: string; startedAt: string; finishedAt?: string; fencingNumber: number }
  window: { start: string; end: string }
  durationSeconds?: number
  evidence: Evidence
  steps: StepRow[]
  gates: GateRow[]
  orders: OrderRow[]
  signatures: 'required' | 'declared'
  author?: Author
  deviations: Deviation[]
  findings: Finding[]
  leftOut: LeftOutRow[]
  rollback?: { at: string; trigger: Trigger; why: string }
  givenUp?: GivenUpView
  wouldLose: WouldLose
  /** Figures that steps measured of their own work, by step id. */
  results: Record<string, JsonObject>
  /** Of those that sent part of a larger whole. */
  transfers: Transfer[]
  journal: JournalSeal
}

export function report(input: ReportInput, formatter: Formatter): Report {
  const { runView } = input
  const { run } = runView
  const entries = input.entries.filter(entry => entry.run === run?.id)
  const started = entries.find(entry => entry.event.type === 'run.started')?.event
  const view = status(runView, formatter)
  const results = resultsOf(runView)
  return {
    title: runView.plan.title,
    mode: runView.runbook.mode,
    outcome: view.state,
    ...(run
      ? {
          run: {
            id: run.id,
            startedBy: started?.type === 'run.started' ? started.by : '',
            startedAt: run.startedAt,
            ...(run.finishedAt ? { finishedAt: run.finishedAt } : {}),
            fencingNumber: run.fencingNumber,
          },
          durationSeconds: secondsBetween(run.startedAt, run.finishedAt ?? runView.now),
        }
      : {}),
    window: runView.window,
    evidence: input.evidence ?? {},
    steps: stepRows(runView),
    gates: gateRows(runView),
    orders: orderRows(entries, formatter),
    signatures: view.signatures,
    ...(view.author && { author: view.author }),
    deviations: deviations(runView, entries, formatter),
    findings: lastFindings(input.entries),
    leftOut: view.leftOut,
    ...(view.rollback ? { rollback: view.rollback } : {}),
    ...(view.givenUp ? { givenUp: view.givenUp } : {}),
    wouldLose: wouldLose(runView),
    results,
    transfers: transfersOf(results, runView),
    journal: input.journal,
  }
}

/** Before the handover the source kept every write; until users come back nothing new is written at the target. */
function wouldLose(runView: RunView): WouldLose {
  const steps = stepRows(runView)
  const run = runView.run
  if (run && hasNoWayBack(run)) return 'no-way-back'
  const handover = steps.filter(step => step.stage === 'handover' && run?.steps[step.id]?.mayHaveChanged)
  if (handover.length === 0) return 'nothing-source-kept'
  const reopened = steps.some(step => step.stage === 'restore-service' && run?.steps[step.id]?.mayHaveChanged)
  if (!reopened) return 'nothing-before-reopening'
  if (run?.siteGivenUp !== undefined) return 'site-given-up'
  if (run && withoutReturnPath(runView.runbook, run).length > 0) return 'no-return-path'
  const proven = handover.every(step => step.state === 'done' || step.state === 'found-done')
  if (!run?.rollback) return proven ? 'reverse-channel' : 'unproven'
  const undone = handover.filter(step => step.state !== 'kept')
  const applied = undone.every(step => run.steps[step.id]?.undo?.how === 'applied')
  return run.outcome === ('rolled-back' satisfies Outcome) && applied ? 'nothing-came-back' : 'unproven'
}

function resultsOf(runView: RunView): Record<string, JsonObject> {
  return Object.fromEntries(
    runView.runbook.steps.flatMap(({ id }) => {
      const result = runView.run?.steps[id]?.result
      return result && Object.keys(result).length > 0 ? [[id, result] as const] : []
    }),
  )
}

function lastFindings(entries: readonly Entry[]): Finding[] {
  const event = entries.findLast(entry => entry.event.type === 'findings.recorded')?.event
  return event?.type === 'findings.recorded' ? event.findings : []
}
