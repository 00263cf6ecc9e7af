import type { Finding } from '../model/fact.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import type { History, Run } from '../model/run.ts'
import type { RunMode } from '../model/step.ts'
import type { MessageKey } from '../model/text.ts'

/** Outcomes after which nothing of the run is left to do, unless a person orders a rollback. */
const ended = new Set(['prepared', 'rehearsed', 'moved', 'rolled-back', 'rolled-back-by-hand', 'closed'])

export const isRolledBack = ({ outcome }: Pick<Run, 'outcome'>): boolean =>
  outcome === 'rolled-back' || outcome === 'rolled-back-by-hand'

export const isFinished = (run: Run): boolean => run.outcome !== undefined && ended.has(run.outcome)

/**
 * Throws Failure when a run of this mode may not start now: another one is unfinished, nothing is prepared, or
 * (live) nothing has ever been rehearsed and nobody gives a reason.
 */
export function mayStart(history: History, mode: RunMode, withoutRehearsal: string | undefined): void {
  const last = history.runs.at(-1)
  if (last !== undefined && !isFinished(last)) {
    throw refusal('run.unfinished', 'run.unfinished.remedy', { run: last.id, mode: last.mode })
  }
  if (mode === 'preparation') return
  if (mode === 'close') {
    if (lastMoved(history) === undefined) throw refusal('run.notMoved', 'run.notMoved.remedy')
    return
  }
  if (lastMoved(history) !== undefined) throw refusal('run.alreadyMoved', 'run.alreadyMoved.remedy')
  const prepared = history.runs.findLastIndex(run => run.mode === 'preparation' && run.outcome === 'prepared')
  // of a site that was given up nothing counts as prepared
  const undone = history.runs.findLastIndex(
    run => run.siteGivenUp !== undefined || (run.mode === 'preparation' && isRolledBack(run)),
  )
  if (prepared === -1 || undone > prepared) throw refusal('run.notPrepared', 'run.notPrepared.remedy')
  if (mode === 'rehearsal' || withoutRehearsal !== undefined) return
  const rehearsed = history.runs.some(run => run.mode === 'rehearsal' && run.outcome === 'rehearsed')
  if (!rehearsed) throw refusal('run.notRehearsed', 'run.notRehearsed.remedy')
}

/** The live run that moved the estate and has not been undone, if there is one. */
export function lastMoved(history: History): Run | undefined {
  const live = history.runs.findLast(run => run.mode === 'live')
  return live?.outcome === 'moved' ? live : undefined
}

/** What was kept ready for a rollback may be gone: a closing has begun, and has not been undone. */
export function isClosed({ runs }: History): boolean {
  const last = runs.at(-1)
  return last?.mode === 'close' && !isRolledBack(last)
}

/** The run that a rollback would undo: a closing that has been undone gives way to the night before it. */
export const lastUndoableRun = (history: History): Run | undefined =>
  history.runs.findLast(run => run.mode !== 'close' || !isRolledBack(run))

/**
 * The run that `resume` goes on with: the last, unless it is over. With `evenEnded` (a rollback was ordered) a run
 * that moved, prepared or closed is continued, too.
 */
export function runToResume(history: History, evenEnded: boolean): Run {
  const last = evenEnded ? lastUndoableRun(history) : history.runs.at(-1)
  if (last === undefined) throw refusal('run.none', 'run.none.remedy')
  const mayContinue = evenEnded && ['moved', 'prepared', 'closed'].includes(last.outcome ?? '')
  if (isFinished(last) && !mayContinue) {
    throw refusal('run.over', 'run.over.remedy', { run: last.id, outcome: last.outcome ?? '' })
  }
  return last
}

/** What the audit found that keeps a run from beginning: each finding says what is wrong, and its remedy. */
export class Blocked extends Failure {
  readonly findings: readonly Finding[]
  constructor(findings: readonly Finding[]) {
    super(
      { key: 'run.blocked', values: { count: findings.length } },
      { remedy: { key: 'run.blocked.remedy' }, exitCode: exitCodes.checksFailed },
    )
    this.findings = findings
  }
}

/** Throws Blocked (exit code 10) when a finding blocks: nothing is changed at either site before it is fixed. */
export function refuseBlocked(findings: readonly Finding[]): void {
  const blocking = findings.filter(finding => finding.level === 'block')
  if (blocking.length > 0) throw new Blocked(blocking)
}

function refusal(key: MessageKey, remedy: MessageKey, values: Record<string, string> = {}): Failure {
  return new Failure({ key, values }, { remedy: { key: remedy } })
}
