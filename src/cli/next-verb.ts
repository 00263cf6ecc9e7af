import type { History } from '../model/run.ts'

/** The verb that brings the migration on from here; `status` when there is nothing to do but look. */
export function nextVerb(history: History): string {
  const last = history.runs.at(-1)
  if (last && last.outcome === undefined) return last.held ? 'resume' : 'status'
  if (last && (last.outcome === 'rollback-failed' || last.outcome === 'held')) return 'resume'
  if (last?.mode === 'live' && (last.outcome === 'moved' || last.outcome === 'rolled-back')) return 'report'
  if (Object.keys(history.facts).length === 0) return 'audit'
  const ended = (outcome: string) => history.runs.some(run => run.outcome === outcome)
  if (!ended('prepared')) return 'replicate'
  return ended('rehearsed') ? 'run' : 'rehearse'
}
