import { endResidual } from '../forecast/residuals.ts'
import type { Entry, Event, Outcome, Written } from '../model/event.ts'
import type { History, Run } from '../model/run.ts'
import { foldGate } from './fold-gate.ts'
import { foldOrder } from './fold-order.ts'
import { foldReturnPath, repairInterrupted } from './fold-return-path.ts'
import { foldStep } from './fold-step.ts'
import { foldUndo } from './fold-undo.ts'
import { withSiteAsked } from './given-up/asked.ts'
import { withSiteGivenUp } from './given-up/fold.ts'
import { withLeftOut } from './left-out.ts'
import { lastMoved } from './may-start.ts'

export const emptyHistory: History = { facts: {}, clocks: {}, runs: [], plans: {}, runbooks: {} }

/** The journal, read from the first entry to the last, as what it says now. Pure. */
export function fold(entries: readonly Entry[], from: History = emptyHistory): History {
  return entries.reduce(foldEntry, from)
}

/** One more entry. The history given is not changed. */
export function foldEntry(history: History, entry: Entry): History {
  const { event } = entry
  if (event.type === 'facts.recorded') {
    return { ...history, facts: { ...history.facts, [event.component]: event.facts } }
  }
  if (event.type === 'clocks.compared') return { ...history, clocks: { ...history.clocks, ...event.clocks } }
  if (event.type === 'plan.recorded')
    return { ...history, plans: { ...history.plans, [event.hash]: event.plan } }
  if (event.type === 'runbook.recorded')
    return { ...history, runbooks: { ...history.runbooks, [event.hash]: event.runbook } }
  if (event.type === 'run.started')
    return { ...history, runs: [...history.runs, startedRun(history, entry, event)] }
  const runs = history.runs.map(run => (run.id === entry.run ? foldRun(run, event, entry) : run))
  return { ...history, runs, ...(event.type === 'undo.done' && measuredUndos(history, entry, event)) }
}

/** With this one, unless a program's end has cut through it. */
function measuredUndos(
  { runs, runbooks, undos = [] }: History,
  { run: id, at }: Entry,
  event: Extract<Event, { type: 'undo.done' }>,
): Pick<History, 'undos'> {
  const run = runs.find(one => one.id === id)
  const step = runbooks[run?.runbookHash ?? '']?.steps.find(one => one.id === event.step)
  const { status, startedAt } = run?.steps[event.step]?.undo ?? {}
  if (step === undefined || status !== 'running' || startedAt === undefined) return {}
  const found = endResidual(step, event, startedAt, at)
  return found === undefined ? {} : { undos: [...undos, found] }
}

/** A closing does without what the night did without, to the end of the migration. */
function startedRun(history: History, entry: Entry, event: Extract<Event, { type: 'run.started' }>): Run {
  const { type: _type, by: _by, ...given } = event
  const { siteGivenUp, leftOut } = (event.mode === 'close' && lastMoved(history)) || {}
  const nothing = { steps: {}, gates: {}, linesLost: {}, copiesLost: {}, orders: {}, returnPaths: {} }
  return {
    ...given,
    ...{ id: entry.run, startedAt: entry.at, ...nothing },
    ...(siteGivenUp && { siteGivenUp }),
    ...(leftOut && { leftOut }),
    ...(history.undos && { undosBefore: history.undos }),
  }
}

function foldRun(run: Run, event: Event, { at, sequence }: Entry): Run {
  const written: Written = { at, sequence }
  switch (event.type) {
    case 'run.resumed':
      return { ...resumed(run, event.fencingNumber), resumedSequence: sequence }
    case 'run.finished':
      return finished(run, event.outcome, at)
    case 'part.left-out': {
      const { component, part, reason } = event
      return withLeftOut(run, { component, part, reason, at })
    }
    case 'rollback.started':
      return { ...run, rollback: { ...written, trigger: event.trigger, why: event.why } }
    case 'order.received':
      return foldOrder(
        { ...run, orders: { ...run.orders, [event.order.id]: 'received' } },
        event.order,
        sequence,
      )
    case 'order.refused':
      return { ...run, orders: { ...run.orders, [event.order.id]: 'refused' } }
    case 'step.started':
    case 'step.done':
    case 'step.failed':
      return foldStep(run, event, written)
    case 'undo.started':
    case 'undo.done':
    case 'undo.failed':
      return foldUndo(run, event, written)
    case 'site.asked':
      return withSiteAsked(run, event, written)
    case 'site.given-up': {
      const { type: _type, ...given } = event
      return withSiteGivenUp(run, { ...given, at, by: [] })
    }
    case 'line.lost': {
      const { component, watch, why } = event
      const lost = { ...written, component, why }
      return { ...run, linesLost: { ...run.linesLost, [`${component}.${watch}`]: lost } }
    }
    case 'line.back': {
      const { [`${event.component}.${event.watch}`]: _back, ...linesLost } = run.linesLost
      return { ...run, linesLost }
    }
    case 'return-path.seen':
    case 'return-path.repair-started':
    case 'return-path.repaired':
    case 'return-path.repair-failed':
      return foldReturnPath(run, event, at)
    case 'copy.lost':
      return { ...run, copiesLost: { ...run.copiesLost, [event.host]: { at, why: event.why } } }
    case 'copy.back': {
      const { [event.host]: _back, ...copiesLost } = run.copiesLost
      return { ...run, copiesLost }
    }
    case 'gate.reached':
    case 'gate.opened':
    case 'check.started':
    case 'check.done':
    case 'check.failed':
      return foldGate(run, event, written)
    default:
      return run
  }
}

/** A run that had moved, and went on for an order only, finished when it had moved. */
function finished(run: Run, outcome: Outcome, at: string): Run {
  if (outcome !== 'moved') return { ...run, outcome, finishedAt: at }
  const movedAt = run.movedAt ?? at
  return { ...run, outcome, finishedAt: movedAt, movedAt }
}

/** What ran when the program ended is now `interrupted`: nobody knows how far it came until it is probed. */
export function resumed(run: Run, fencingNumber: number): Run {
  const { outcome: _outcome, finishedAt: _finishedAt, held: _held, sitesAsked: _asked, ...rest } = run
  const steps = Object.fromEntries(
    Object.entries(run.steps).map(([id, state]) => [
      id,
      {
        ...state,
        status: state.status === 'running' ? ('interrupted' as const) : state.status,
        failures: 0,
        ...(state.undo && {
          undo: {
            ...state.undo,
            status: state.undo.status === 'running' ? ('interrupted' as const) : state.undo.status,
            failures: 0,
          },
        }),
      },
    ]),
  )
  const gates = Object.fromEntries(
    Object.entries(run.gates).map(([id, gate]) => [
      id,
      {
        ...gate,
        checks: Object.fromEntries(
          Object.entries(gate.checks).map(([check, state]) => [
            check,
            state.status === 'running' ? { ...state, status: 'interrupted' as const } : state,
          ]),
        ),
      },
    ]),
  )
  // lines and copies are looked at again by the program that goes on, and a site is asked again
  return repairInterrupted({ ...rest, fencingNumber, steps, gates, linesLost: {}, copiesLost: {} })
}
