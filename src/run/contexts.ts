import type { FactsByComponent } from '../model/fact.ts'
import { Failure } from '../model/failure.ts'
import type { JsonObject } from '../model/json.ts'
import type { MeasureContext, StepContext } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { History, Run } from '../model/run.ts'
import type { Runbook, Step } from '../model/step.ts'
import { handedOver } from './handed-over.ts'

/** What finished applies returned, by step: later runs over earlier ones, the run asked about over all. */
export function resultsOf(history: History, run: Run): Record<string, JsonObject> {
  const results: Record<string, JsonObject> = {}
  for (const one of [...history.runs.filter(other => other.id !== run.id), run]) {
    for (const [step, state] of Object.entries(one.steps)) {
      if (state.result === undefined) continue
      if (state.undo?.status === 'done' && one.id !== run.id) delete results[step]
      else results[step] = state.result
    }
  }
  return results
}

export function stepContext(
  plan: Plan,
  runbook: Runbook,
  history: History,
  run: Run,
  step: Step,
): StepContext {
  const component = plan.components[step.component]
  if (component === undefined) {
    throw new Failure({ key: 'run.componentGone', values: { step: step.id, component: step.component } })
  }
  const isHandedOver = handedOver(runbook, run, step.component)
  return {
    ...measureContext(plan, history.facts, history, run),
    step,
    component,
    fencingNumber: run.fencingNumber,
    ...(isHandedOver !== undefined && { handedOver: isHandedOver }),
  }
}

export function measureContext(
  plan: Plan,
  facts: FactsByComponent,
  history: History,
  run: Run,
): MeasureContext {
  return {
    plan,
    facts,
    clocks: history.clocks,
    mode: run.mode,
    results: resultsOf(history, run),
    begun: begunIn(run),
    ...(run.leftOut && { leftOut: run.leftOut }),
    ...(run.siteGivenUp && { without: run.siteGivenUp.side }),
  }
}

/** What a person did by hand, or skipped, leaves no result: what it came to, nobody knows. */
const begunIn = (run: Run): string[] =>
  Object.entries(run.steps)
    .filter(([, { mayHaveChanged, how }]) => mayHaveChanged || how === 'skipped')
    .map(([step]) => step)

export function stepOf(runbook: Runbook, id: string): Step {
  const step = runbook.steps.find(candidate => candidate.id === id)
  if (step === undefined) throw new Failure({ key: 'run.order.noSuchStep', values: { step: id } })
  return step
}
