import type { History } from '../model/run.ts'
import { isRolledBack, lastMoved } from '../run/may-start.ts'

/** The verb that brings the migration on from here; `status` when there is nothing to do but look. */
export function nextVerb(history: History, executing: boolean): string {
  const last = history.runs.at(-1)
  if (last && last.outcome === undefined) return last.held || !executing ? 'resume' : 'status'
  if (last?.outcome && toBeResumed.includes(last.outcome)) return 'resume'
  if (lastMoved(history) || last?.mode === 'close') return 'report'
  if (last?.mode === 'live' && isRolledBack(last)) return 'report'
  if (Object.keys(history.facts).length === 0) return 'audit'
  const preparation = history.runs.findLast(run => run.mode === 'preparation')
  if (preparation?.outcome !== 'prepared') return 'replicate'
  return history.runs.some(run => run.outcome === 'rehearsed') ? 'run' : 'rehearse'
}

/** Outcomes after which `mayStart` lets nothing else begin. */
const toBeResumed = ['rollback-failed', 'held', 'failed']
