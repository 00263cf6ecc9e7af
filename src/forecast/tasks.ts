import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { Residual } from '../model/residual.ts'
import type { Gate, Runbook, Step } from '../model/step.ts'
import { checksSeconds } from './checks-seconds.ts'
import { linkShareOf } from './link-share.ts'
import type { Task } from './network.ts'
import { estimatedRatios, estimatedSpread, peopleSpread } from './ratios.ts'
import { type BasisOf, likeStep, ratiosFor } from './residuals.ts'

export type ForecastInput = {
  runbook: Runbook
  plan: Plan
  kinds: Record<string, Kind>
  /** Of the link between the sites. Absent: nobody has measured or declared it. */
  linkMbps?: number
  residuals: readonly Residual[]
}
/** A task, and what of the runbook it is. `people`: nothing is done in it, somebody is waited for. */
export type NightTask = Task & {
  of: { step: string } | { gate: string; part: 'checks' | 'opened' } | { gate: string; role: string }
  basis: BasisOf
}

/** How long a role is expected to take over a GO that it is asked for, unless the plan says so or earlier runs show it. */
const signoffSeconds = 120

/** Steps as they are; a gate as its checks, then the sign-offs beside each other, then its opening, which takes no time. */
export function tasksOf(input: ForecastInput): NightTask[] {
  const spreads = new Map<string, ReturnType<typeof ratiosFor>>()
  /** Those of the same spread that nobody has measured share their ratios. */
  const spreading: Spreading = (what, spread) => {
    const found = ratiosFor(input.residuals, what, spread)
    if (found.basis.from !== 'estimate') return found
    const known = spreads.get(String(spread)) ?? found
    spreads.set(String(spread), known)
    return known
  }
  return [
    ...input.runbook.steps.map(step => stepTask(step, spreading)),
    ...input.runbook.gates.flatMap(gate => gateTasks(gate, input, spreading)),
  ]
}

type Spreading = (
  what: Pick<Residual, 'timed' | 'id' | 'like'>,
  spread: number,
) => ReturnType<typeof ratiosFor>

function stepTask(step: Step, spreading: Spreading): NightTask {
  const { id, after, expectedSeconds: seconds, duration = {} } = step
  const { spread = estimatedSpread, alone = [] } = duration
  return {
    ...{ id, after, seconds, linkShare: linkShareOf(step), alone, of: { step: id } },
    ...spreading({ timed: 'apply', id, like: likeStep(step) }, spread),
    ...(step.beside && { beside: true as const }),
  }
}

function gateTasks(gate: Gate, { plan, kinds }: ForecastInput, spreading: Spreading): NightTask[] {
  const { id } = gate
  const plain = { linkShare: 0, alone: [] }
  const checks = `${id}/checks`
  const declared = plan.forecast?.signoffSeconds ?? signoffSeconds
  const signoffs = gate.signoffs.map((role): NightTask => {
    const { ratios, basis } = spreading({ timed: 'sign-off', id: role, like: 'sign-off' }, peopleSpread)
    const seconds = basis.from === 'estimate' ? declared : 1
    return { id: `${id}/${role}`, after: [checks], seconds, ...plain, ratios, basis, of: { gate: id, role } }
  })
  return [
    {
      ...{ id: checks, after: gate.after, seconds: checksSeconds(gate, kinds), ...plain },
      ...{ of: { gate: id, part: 'checks' } },
      ...spreading({ timed: 'checks', id, like: id }, estimatedSpread),
    },
    ...signoffs,
    {
      ...{ id, after: [checks, ...signoffs.map(signoff => signoff.id)], seconds: 0, ...plain },
      ...{ of: { gate: id, part: 'opened' }, ratios: estimatedRatios(1), basis: { from: 'estimate' } },
    },
  ]
}
