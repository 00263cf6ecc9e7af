import type { Written } from '../../model/event.ts'
import type { Plan } from '../../model/plan.ts'
import type { Run } from '../../model/run.ts'
import type { Runbook } from '../../model/step.ts'
import type { ExecutorCommand } from '../executor-command.ts'
import { undoState } from '../fold-undo.ts'
import { handedOver } from '../handed-over.ts'
import { hostsOfSide } from '../sides.ts'
import { failedSince } from './asked.ts'

/**
 * A target that has never been handed over holds nothing that the source does not have: when no host of it answers, the rollback
 * does without it by itself. If users could have written there, people decide.
 */
export function decideDeadTarget(runbook: Runbook, run: Run, plan: Plan): ExecutorCommand[] {
  const mayGiveUp = run.mode === 'live' && run.siteGivenUp === undefined
  if (!mayGiveUp || handedOver(runbook, run) !== false) return []
  const hosts = hostsOfSide(plan, 'target')
  const asked = run.sitesAsked?.target
  if (hosts.length === 0) return []
  if (asked === undefined || isOutdated(runbook, run, asked)) return [{ do: 'ask-site', side: 'target' }]
  if (asked.silent.length < hosts.length) return []
  const values = { site: plan.sites.target.title }
  return [{ do: 'give-up', side: 'target', silent: asked.silent, why: { key: 'run.why.targetDead', values } }]
}

/** What was heard of the target: the rollback began since, or an undo has failed. */
function isOutdated(runbook: Runbook, run: Run, asked: Written): boolean {
  const began = run.rollback !== undefined && run.rollback.sequence > asked.sequence
  const undos = runbook.steps.map(({ id }) => undoState(run, id))
  return began || failedSince(undos, asked)
}
