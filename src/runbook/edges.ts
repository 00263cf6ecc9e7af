import type { Plan } from '../model/plan.ts'
import { type GateId, gateBefore, type StageId, stages } from '../model/stage.ts'
import type { Step } from '../model/step.ts'

const rank = new Map(stages.map((stage, index) => [stage.id, index]))
export const rankOf = (stage: StageId): number => rank.get(stage) ?? 0

/** All that a component needs, directly or not. */
export function needsOf(plan: Plan, component: string): Set<string> {
  const found = new Set<string>()
  const visit = (id: string): void => {
    for (const need of plan.components[id]?.needs ?? []) {
      if (found.has(need)) continue
      found.add(need)
      visit(need)
    }
  }
  visit(component)
  return found
}

/** The edges a step gets from its stage: what else has to have ended before it may start. */
export function stageEdges(
  step: Step,
  steps: readonly Step[],
  plan: Plan,
  gates: readonly GateId[],
): string[] {
  const stage = stages[rankOf(step.stage)]
  if (stage === undefined) return []
  const needs = needsOf(plan, step.component)
  const waitsFor = (other: Step): boolean => {
    if (other === step || other.beside) return false
    const earlier = rankOf(other.stage) < rankOf(step.stage)
    if (other.component === step.component) return earlier
    if (earlier && stage.barrier) return true
    const sameStage = other.stage === step.stage
    if (!earlier && !(sameStage && stage.order !== 'together')) return false
    if (stage.order === 'up') return needs.has(other.component)
    if (stage.order === 'down') return needsOf(plan, other.component).has(step.component)
    return false
  }
  const passed = gates.filter(gate => rankOf(gateBefore[gate]) <= rankOf(step.stage))
  return [...steps.filter(waitsFor).map(other => other.id), ...passed]
}

/** A gate waits for every step of the stages before it, and for the gates before it. */
export function gateEdges(gate: GateId, steps: readonly Step[], gates: readonly GateId[]): string[] {
  const before = rankOf(gateBefore[gate])
  const earlierGates = gates.filter(other => rankOf(gateBefore[other]) < before)
  const waitedFor = steps.filter(step => rankOf(step.stage) < before && !step.beside)
  return [...waitedFor.map(step => step.id), ...earlierGates]
}
