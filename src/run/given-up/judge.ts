import type { Order } from '../../model/event.ts'
import type { SignedGivenUp } from '../../model/given-up.ts'
import type { Run } from '../../model/run.ts'
import type { Runbook } from '../../model/step.ts'
import { sameName } from '../author.ts'
import { accept, type OrderVerdict, refuse } from '../order-verdict.ts'
import { holdsEverything } from './source.ts'

/** Also while a rollback is under way that waits for the dead site. */
export function judgeWithoutTarget(
  run: Run,
  order: Order,
  { side, and, isolated }: SignedGivenUp,
  by: string,
) {
  if (run.siteGivenUp !== undefined) return refuse('run.order.alreadyWithout', { side: run.siteGivenUp.side })
  if (run.mode !== 'live') return refuse('run.order.notWithoutHere')
  if (side !== 'target') return refuse('run.order.notWithoutSource')
  if (isolated.trim() === '') return refuse('run.order.isolationUnsaid')
  return isOnePerson(and, by) ? refuse('run.order.secondPerson', { by }) : accept(order)
}

/** The name of a second person is missing, or is that of the first. */
export const isOnePerson = (and: string, by: string): boolean => and.trim() === '' || sameName(and, by)

export function judgeGoOn(
  runbook: Runbook,
  run: Run,
  order: Order & { do: 'go-on' },
  by: string,
): OrderVerdict {
  const { side, and, isolated } = order.without
  if (run.rollback !== undefined) return refuse('run.order.alreadyRollingBack')
  if (run.siteGivenUp !== undefined) return refuse('run.order.alreadyWithout', { side: run.siteGivenUp.side })
  if (side !== 'source') return refuse('run.order.onlyWithoutSource')
  if (!holdsEverything(runbook, run)) return refuse('run.order.notAllAtTarget')
  const { silent = [], answering = [] } = run.sitesAsked?.source ?? {}
  if (silent.length === 0 || answering.length > 0) return refuse('run.order.sourceAnswers')
  if (isolated.trim() === '') return refuse('run.order.isolationUnsaid')
  // once the source is given up nobody would let them go
  if (Object.values(run.returnPaths).some(({ commits }) => commits === 'waiting'))
    return refuse('run.order.commitsWait')
  if (isOnePerson(and, by)) return refuse('run.order.secondPerson', { by })
  return accept(order)
}
