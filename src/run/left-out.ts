import type { LeftOut, Run } from '../model/run.ts'
import type { OptionalPart, Step } from '../model/step.ts'
import { stepState } from './fold-step.ts'
import { tryAgain } from './try-again.ts'

/** From now on the component's part is not waited for; what had failed for want of it begins again, and checks are measured anew. */
export function withLeftOut(run: Run, left: LeftOut): Run {
  const named = (step: string) => run.steps[step]?.failure?.leaveOut?.includes(left.part) === true
  const without = { ...run, leftOut: [...(run.leftOut ?? []), left] }
  return tryAgain(without, step => step.startsWith(`${left.component}.`) && named(step))
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
