import { canonicalJson, sha256Hex } from '../model/canonical.ts'
import type { FactsByComponent } from '../model/fact.ts'
import { Failure } from '../model/failure.ts'
import type { FigureForms } from '../model/figure.ts'
import type { Kind } from '../model/kind.ts'
import type { CheckSpec, Component, Plan } from '../model/plan.ts'
import { rolesOf } from '../model/roles.ts'
import { type GateId, type PhaseId, stages } from '../model/stage.ts'
import type { Check, Gate, PlannedStep, Runbook, RunMode, Step } from '../model/step.ts'
import type { MessageKey } from '../model/text.ts'
import { gateEdges, stageEdges } from './edges.ts'
import { topologicalOrder, transitiveReduction } from './graph.ts'

export type CompileInput = { plan: Plan; facts: FactsByComponent; kinds: Record<string, Kind>; mode: RunMode }

const gatesOf: Record<RunMode, GateId[]> = {
  preparation: [],
  rehearsal: ['integrity', 'reopen'],
  live: ['go', 'integrity', 'reopen'],
  close: [],
}
const phaseOf: Record<RunMode, PhaseId> = {
  preparation: 'before',
  rehearsal: 'night',
  live: 'night',
  close: 'after',
}

/**
 * Plan and facts to the runbook of one mode. Pure: the same input gives the same hash.
 * Throws Failure when a component's kind is unknown, or when the steps wait for each other in a circle.
 */
export function compile(input: CompileInput): Runbook {
  const { plan, mode } = input
  const inPhase = new Set(stages.filter(stage => stage.phase === phaseOf[mode]).map(stage => stage.id))
  const steps = Object.values(plan.components)
    .flatMap(component => stepsOf(component, input))
    .filter(step => inPhase.has(step.stage))
  const gates = gatesOf[mode]
  const wired = steps.map(step => ({
    ...step,
    after: unique([...step.after, ...stageEdges(step, steps, plan, gates)]),
  }))
  const wiredGates = gates.map(gate => ({ ...gateOf(gate, input), after: gateEdges(gate, steps, gates) }))
  const nodes: (Step | Gate)[] = transitiveReduction<Step | Gate>([...wired, ...wiredGates])
  const { ordered, cycle } = topologicalOrder(nodes)
  if (cycle.length > 0) {
    throw new Failure({ key: 'runbook.cycle', values: { steps: cycle.join(', ') } })
  }
  const content = {
    ...{ plan: plan.name, mode, steps: ordered.filter(isStep), gates: ordered.filter(isGate) },
    figures: figureForms(ordered, input.kinds),
  }
  return { ...content, hash: sha256Hex(canonicalJson(content)) }
}

/** Of the kinds that stand in this runbook. */
function figureForms(
  nodes: readonly (Step | Gate)[],
  kinds: Record<string, Kind>,
): Record<string, FigureForms> {
  const used = unique(
    nodes.flatMap(node => (isStep(node) ? [node.kind] : node.checks.map(({ kind }) => kind))),
  )
  return Object.fromEntries(used.sort().map(kind => [kind, kinds[kind]?.figures ?? {}]))
}

const isStep = (node: Step | Gate): node is Step => 'stage' in node
const isGate = (node: Step | Gate): node is Gate => 'signoffs' in node
const unique = (ids: string[]): string[] => [...new Set(ids)]

function kindOf(component: Component, kinds: Record<string, Kind>): Kind {
  const kind = kinds[component.kind]
  if (kind !== undefined) return kind
  throw new Failure({ key: 'runbook.unknownKind', values: { component: component.id, kind: component.kind } })
}

function stepsOf(component: Component, input: CompileInput): Step[] {
  const kind = kindOf(component, input.kinds)
  const planned = kind.plan(component, input.facts[component.id] ?? {}, {
    plan: input.plan,
    mode: input.mode,
    facts: input.facts,
    roles: rolesOf(input.plan, input.kinds, input.facts),
  })
  return planned.map(step => toStep(step, component))
}

function toStep({ name, ...planned }: PlannedStep, component: Component): Step {
  return {
    ...planned,
    id: `${component.id}.${name}`,
    component: component.id,
    kind: component.kind,
    owner: component.owner,
    after: planned.after.map(local => `${component.id}.${local}`),
  }
}

const gateKeys: Record<GateId, MessageKey> = {
  go: 'runbook.gate.go',
  integrity: 'runbook.gate.integrity',
  reopen: 'runbook.gate.reopen',
}

function gateOf(id: GateId, input: CompileInput): Gate {
  const rehearsal = input.mode === 'rehearsal'
  const written = Object.values(input.plan.checks).filter(check => check.gate === id)
  const checks = [...written, ...(id === 'go' ? requiredChecks(written, input) : [])]
    .map((spec): Check | undefined => {
      const component = input.plan.components[spec.component]
      if (component === undefined) return undefined
      const measure = kindOf(component, input.kinds).measures[spec.measure]
      if (measure === undefined || (rehearsal && measure.rehearsable === false)) return undefined
      return {
        id: spec.id,
        component: component.id,
        kind: component.kind,
        measure: spec.measure,
        unit: measure.unit,
        title: { key: measure.title, values: { component: component.id } },
        threshold: spec.threshold,
        onFailure: rehearsal ? 'roll-back' : spec.onFailure,
        attempts: spec.attempts,
        backoffSeconds: spec.backoffSeconds,
        deadlineSeconds: Math.max(30, measure.expectedSeconds * 5),
        ...(spec.maxAgeSeconds !== undefined && { maxAgeSeconds: spec.maxAgeSeconds }),
        ...(measure.alone && { alone: true as const }),
      }
    })
    .filter(check => check !== undefined)
  const signoffs = rehearsal ? [] : (input.plan.gates[id]?.signoffs ?? [])
  return { id, title: { key: gateKeys[id] }, after: [], checks: checks.map(lastingOneRound), signoffs }
}

/** What a kind wants proven before the cut, where the plan does not ask for it. The dot keeps the id apart from those of plans. */
function requiredChecks(written: readonly CheckSpec[], { plan, kinds }: CompileInput): CheckSpec[] {
  return Object.values(plan.components).flatMap(component =>
    Object.entries(kindOf(component, kinds).measures).flatMap(
      ([measure, { requiredAtGo, needsField }]): CheckSpec[] => {
        const isWritten = written.some(one => one.component === component.id && one.measure === measure)
        if (requiredAtGo === undefined || isWritten) return []
        if (needsField !== undefined && component.spec[needsField] === undefined) return []
        const seconds = { backoffSeconds: 5, maxAgeSeconds: 600 }
        const asked = {
          id: `${component.id}.${measure}`,
          component: component.id,
          measure,
          gate: 'go' as const,
        }
        return [{ ...asked, threshold: requiredAtGo, onFailure: 'block', attempts: 3, ...seconds }]
      },
    ),
  )
}

/** A greatest age that measuring all of the gate once may exceed would measure for ever. */
function lastingOneRound(check: Check, _index: number, checks: readonly Check[]): Check {
  if (check.maxAgeSeconds === undefined) return check
  // those of one component that are measured alone are measured together (`checkBatches`)
  const turns = Map.groupBy(checks, one => (one.alone ? one.component : ''))
  const roundSeconds = [...turns.values()]
    .map(turn => Math.max(...turn.map(one => one.deadlineSeconds)))
    .reduce((sum, one) => sum + one, 0)
  return { ...check, maxAgeSeconds: Math.max(check.maxAgeSeconds, roundSeconds) }
}
