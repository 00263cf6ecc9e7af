import { shortHash } from '../model/canonical.ts'
import type { Order } from '../model/event.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import type { Gate, Runbook } from '../model/step.ts'
import { authorApproves } from './author.ts'
import { checkEnded } from './decide-gate.ts'
import { checkState } from './fold-gate.ts'
import { stepState } from './fold-step.ts'
import { undoState } from './fold-undo.ts'
import { judgeGoOn, judgeWithoutTarget } from './given-up/judge.ts'
import { hasNoWayBack } from './given-up/source.ts'
import { undoSavesWrites } from './handed-over.ts'
import { accept, type OrderVerdict, refuse } from './order-verdict.ts'
import { isRepairing, returnPathInTheWay, returnPathSteps, withoutReturnPath } from './return-path.ts'

/** What an order is judged by. */
export type Judging = { plan: Pick<Plan, 'author'>; runbook: Runbook; run: Run }

/**
 * May this order be carried out now? A GO counts only once its gate is reached and its checks have ended: an
 * early one would act before its prerequisites. Pure.
 */
export function judgeOrder({ plan, runbook, run }: Judging, order: Order, by: string): OrderVerdict {
  const verdict = judgeByRun(runbook, run, order, by)
  const why = verdict.accepted ? authorApproves(plan, verdict.order, by) : undefined
  return why === undefined ? verdict : { accepted: false, why }
}

function judgeByRun(runbook: Runbook, run: Run, order: Order, by: string): OrderVerdict {
  switch (order.do) {
    case 'go':
    case 'no-go':
      return judgeSignoff(runbook, run, order)
    case 'hold':
      return run.held === undefined ? accept(order) : refuse('run.order.alreadyHeld')
    case 'resume':
      return run.held === undefined ? refuse('run.order.notHeld') : accept(order)
    case 'go-on':
      return judgeGoOn(runbook, run, order, by)
    case 'roll-back':
      if (hasNoWayBack(run)) return refuse('run.order.noWayBack')
      if (order.without !== undefined) return judgeWithoutTarget(run, order, order.without, by)
      return judgeRollback(runbook, run, order)
    case 'repair-return-path':
      return judgeRepair(runbook, run, order)
    case 'leave-out':
      return judgeLeaveOut(runbook, run, order)
    case 'takeover':
    case 'close':
      return refuse('run.order.notOfRun', { verb: order.do })
    case 'excuse-rehearsal':
      return refuse('run.order.notOfRun', { verb: 'run' })
    default:
      return judgeStepOrder(runbook, run, order)
  }
}

/** Nothing is stopped as long as what users wrote at the target could not come back. */
function judgeRollback(runbook: Runbook, run: Run, order: Order & { do: 'roll-back' }): OrderVerdict {
  if (run.rollback !== undefined) return refuse('run.order.alreadyRollingBack')
  if (isRepairing(run)) return refuse('run.order.repairing')
  const lacking = withoutReturnPath(runbook, run)
  if (lacking.length > 0) return refuse('run.order.rollbackLoses', { components: lacking.join(', ') })
  const inTheWay = returnPathInTheWay(runbook, run)
  if (inTheWay === undefined) return accept(order)
  const { component, seen } = inTheWay
  const values = { component, seconds: tenths(seen.secondsBehind), bytes: seen.bytesBehind ?? '?' }
  return refuse(seen.state === 'behind' ? 'run.order.returnPathBehind' : 'run.order.returnPathBroken', values)
}

const tenths = (seconds: number | null): number | string =>
  seconds === null ? '?' : Math.round(seconds * 10) / 10

function judgeRepair(runbook: Runbook, run: Run, order: Order & { do: 'repair-return-path' }): OrderVerdict {
  if (run.rollback !== undefined) return refuse('run.order.alreadyRollingBack')
  if (isRepairing(run)) return refuse('run.order.repairing')
  return returnPathSteps(runbook, run).length === 0 ? refuse('run.order.noReturnPath') : accept(order)
}

function judgeSignoff(runbook: Runbook, run: Run, order: Order & { do: 'go' | 'no-go' }): OrderVerdict {
  if (order.do === 'no-go' && hasNoWayBack(run)) return refuse('run.order.noWayBack')
  if (run.rollback !== undefined) return refuse('run.order.alreadyRollingBack')
  const gate = askedGate(runbook, run, order.gate)
  if (gate === undefined) return refuse('run.order.noGateWaits')
  const state = run.gates[gate.id]
  if (state === undefined) return refuse('run.order.gateNotReached', { gate: gate.id })
  if (state.openedAt !== undefined) return refuse('run.order.gateOpen', { gate: gate.id })
  if (!gate.signoffs.includes(order.role)) {
    return refuse('run.order.notYourGate', {
      gate: gate.id,
      role: order.role,
      roles: gate.signoffs.join(', '),
    })
  }
  if (order.do === 'go' && state.signoffs[order.role]?.decision === 'no-go')
    return refuse('run.order.saidNoGo', { gate: gate.id, role: order.role })
  const other = order.do === 'go' ? otherThanSigned(run, order) : undefined
  if (other !== undefined) return other
  const open = gate.checks.filter(check => !checkEnded(check, checkState(run, gate.id, check.id)))
  if (order.do === 'go' && open.length > 0) {
    return refuse('run.order.checksOpen', { gate: gate.id, checks: open.map(check => check.id).join(', ') })
  }
  return accept({ ...order, gate: gate.id })
}

/** A person has read one runbook, and the run carries out another: what was agreed to is not what would be done. */
function otherThanSigned(
  run: Run,
  { role, signs }: Order & { do: 'go' | 'no-go' },
): OrderVerdict | undefined {
  if (signs === undefined) return undefined
  const { planHash, runbookHash } = run
  if (signs.planHash === planHash && signs.runbookHash === runbookHash) return undefined
  return refuse('run.order.otherRunbook', {
    role,
    plan: shortHash(signs.planHash),
    runbook: shortHash(signs.runbookHash),
    planOfRun: shortHash(planHash),
    runbookOfRun: shortHash(runbookHash),
  })
}

/** Without a name, the gate that waits is meant; there is at most one. */
function askedGate(runbook: Runbook, run: Run, id: GateId | undefined): Gate | undefined {
  if (id !== undefined) return runbook.gates.find(gate => gate.id === id)
  return runbook.gates.find(gate => {
    const state = run.gates[gate.id]
    return state !== undefined && state.openedAt === undefined
  })
}

/** A rollback waits for none of them. */
function judgeLeaveOut(runbook: Runbook, run: Run, order: Order & { do: 'leave-out' }): OrderVerdict {
  const { component, part } = order
  if (run.rollback !== undefined) return refuse('run.order.alreadyRollingBack')
  const parts = runbook.steps
    .filter(step => step.component === component)
    .flatMap(({ mayLeaveOut = [] }) => mayLeaveOut.map(one => one.part))
  if (!parts.includes(part)) {
    const known = [...new Set(parts)].join(', ') || '-'
    return refuse('run.order.partNeeded', { component, part, parts: known })
  }
  const isLeftOut = run.leftOut?.some(one => one.component === component && one.part === part)
  return isLeftOut ? refuse('run.order.partLeftOut', { component, part }) : accept(order)
}

function judgeStepOrder(runbook: Runbook, run: Run, order: Order & { step: string }): OrderVerdict {
  const values = { step: order.step }
  const isCheck = runbook.gates.some(gate => gate.checks.some(check => check.id === order.step))
  const step = runbook.steps.find(candidate => candidate.id === order.step)
  if (isCheck) return order.do === 'retry' ? accept(order) : refuse('run.order.checkCannotBeSkipped', values)
  if (step === undefined) return refuse('run.order.noSuchStep', values)
  const state = run.rollback === undefined ? stepState(run, step.id) : undoState(run, step.id)
  if (state.status === 'running' || state.status === 'interrupted')
    return refuse('run.order.stepRuns', values)
  if (state.status === 'done') return refuse('run.order.stepIsDone', values)
  // an order meant for the step must not be taken for its undo because a rollback began while it was on its way
  const mustHaveFailed = order.do === 'retry' || run.rollback !== undefined
  if (mustHaveFailed && state.status !== 'failed') return refuse('run.order.stepHasNotFailed', values)
  if (order.do === 'skip' && run.rollback !== undefined && undoSavesWrites(step, run))
    return refuse('run.order.skipLoses')
  return accept(order)
}
