import type { Journal } from '../journal/journal.ts'
import type { Order, OrderRecord } from '../model/event.ts'
import { Failure } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import type { Runbook, Step } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { authorApproves } from './author.ts'
import { isOnePerson } from './given-up/judge.ts'
import { type SignerOf, wrongSignature } from './signatures.ts'

export type CloseOrder = Order & { do: 'close' }
export type CloseRecord = OrderRecord & { order: CloseOrder }

/** Those that declare no undo. */
export const finalSteps = ({ steps }: Runbook): Step[] => steps.filter(({ undo }) => !undo.possible)

/** Why a closing may not begin by this order: what nothing undoes wants two people, who know which steps these are. Pure. */
export function judgeClosing(
  plan: Pick<Plan, 'author'>,
  runbook: Runbook,
  order: CloseOrder,
  by: string,
): Text | undefined {
  const steps = finalSteps(runbook).map(({ id }) => id)
  const { final } = order
  const unsaid = steps.filter(id => final?.steps.includes(id) !== true)
  if (unsaid.length > 0) return { key: 'run.order.finalSteps', values: { steps: unsaid.join(', ') } }
  if (final !== undefined && isOnePerson(final.and, by))
    return { key: 'run.order.secondPerson', values: { by } }
  return authorApproves(plan, order, by)
}

/** Refuses the order in the journal and throws Failure, unless the closing may begin by it. Nothing is written when it may. */
export function refuseWrongClosing(
  { journal, plan }: { journal: Pick<Journal, 'append' | 'entries'>; plan: Plan },
  night: string,
  runbook: Runbook,
  record: CloseRecord,
  signerOf: SignerOf,
): void {
  const hashOf = (entry: number): string | undefined => journal.entries()[entry - 1]?.hash
  const why =
    wrongSignature(record, { plan, run: night, hashOf, signerOf }) ??
    judgeClosing(plan, runbook, record.order, record.by)
  if (why === undefined) return
  journal.append(night, { type: 'order.refused', order: record, why })
  throw new Failure(why)
}
