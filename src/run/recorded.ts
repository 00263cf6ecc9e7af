import type { Journal } from '../journal/journal.ts'
import { canonicalJson, sha256Hex } from '../model/canonical.ts'
import { Failure } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import type { History, Run } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import { fold } from './fold.ts'

type Writer = Pick<Journal, 'append' | 'entries'>

/** Writes the plan down, unless the journal has it already, and gives its hash. */
export function recordPlan(journal: Writer, run: string, plan: Plan): string {
  const hash = sha256Hex(canonicalJson(plan))
  const isThere = fold(journal.entries()).plans[hash] !== undefined
  if (!isThere) journal.append(run, { type: 'plan.recorded', hash, plan })
  return hash
}

/** The same of a runbook. */
export function recordRunbook(journal: Writer, run: string, runbook: Runbook): string {
  const { hash } = runbook
  const isThere = fold(journal.entries()).runbooks[hash] !== undefined
  if (!isThere) journal.append(run, { type: 'runbook.recorded', hash, runbook })
  return hash
}

/** Once for each key: a seal counts as signed only by a key that the journal names. */
export function recordKey(journal: Writer, run: string, key: string): void {
  const isThere = journal.entries().some(({ event }) => event.type === 'journal.key' && event.key === key)
  if (!isThere) journal.append(run, { type: 'journal.key', key })
}

/** The plan that a run began with, whatever the plan file says today. Throws Failure when the journal has lost it. */
export function planOf(history: History, run: Run): Plan {
  const plan = history.plans[run.planHash]
  if (plan !== undefined) return plan
  throw missing('run.planMissing', run)
}

/** The runbook that a run began with, whatever today's program would compile. Throws Failure as `planOf` does. */
export function runbookOf(history: History, run: Run): Runbook {
  const runbook = history.runbooks[run.runbookHash]
  if (runbook !== undefined) return runbook
  throw missing('run.runbookMissing', run)
}

/** The plan of the last run, else the one that was written down last; undefined in a journal without any. */
export function lastPlan(history: History): Plan | undefined {
  const last = history.runs.at(-1)
  return last === undefined ? Object.values(history.plans).at(-1) : planOf(history, last)
}

function missing(key: 'run.planMissing' | 'run.runbookMissing', run: Run): Failure {
  return new Failure({ key, values: { run: run.id } }, { remedy: { key: 'run.planMissing.remedy' } })
}
