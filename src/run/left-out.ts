import type { LeftOut, Run } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import type { OptionalPart, Step } from '../model/step.ts'
import { withCheck } from './fold-gate.ts'
import { stepState, withStep } from './fold-step.ts'

/** From now on the component's part is not waited for; what had failed for want of it begins again, and checks are measured anew. */
export function withLeftOut(run: Run, left: LeftOut): Run {
  let changed: Run = { ...run, leftOut: [...(run.leftOut ?? []), left] }
  for (const [step, { status, failure }] of Object.entries(run.steps)) {
    const isItsOwn = step.startsWith(`${left.component}.`) && failure?.leaveOut?.includes(left.part)
    if (status === 'failed' && isItsOwn) changed = withStep(changed, step, { status: 'waiting', failures: 0 })
  }
  for (const [gate, { openedAt, checks }] of Object.entries(run.gates)) {
    const failed = Object.entries(checks).filter(([, { status }]) => status === 'failed')
    if (openedAt !== undefined) continue
    for (const [check] of failed)
      changed = withCheck(changed, gate as GateId, check, { status: 'waiting', failures: 0 })
  }
  return changed
}

/** The parts without which a failed step could go on: it failed for want of them alone, and each may be left out. */
export function partsMissed(step: Step, run: Run): OptionalPart[] {
  const { status, failure } = stepState(run, step.id)
  const named = status === 'failed' ? (failure?.leaveOut ?? []) : []
  const parts = (step.mayLeaveOut ?? []).filter(({ part }) => named.includes(part))
  return parts.length === named.length ? parts : []
}

/** The same where the plan has said of each that it may be left out, so that no person is asked. */
export function plannedExceptions(step: Step, run: Run): (OptionalPart & { reason: string })[] {
  const parts = partsMissed(step, run)
  const planned = parts.filter((one): one is OptionalPart & { reason: string } => one.reason !== undefined)
  return planned.length === parts.length ? planned : []
}
