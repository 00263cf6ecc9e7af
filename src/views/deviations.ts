import type { Entry } from '../model/event.ts'
import { secondsBetween } from '../model/instant.ts'
import type { MessageKey } from '../model/text.ts'
import type { Formatter } from './formatter.ts'
import { gateRows } from './gates.ts'
import { givenUpText, givenUpView } from './given-up.ts'
import { leftOutRows, leftOutText } from './left-out.ts'
import { lostCopies, lostLines } from './lost-lines.ts'
import { type StepRow, stepRows } from './rows.ts'
import type { RunView } from './run-view.ts'
import { triggerKeys } from './words.ts'

/** The sentence of each; the name is what the report's JSON calls it. */
const deviationKeys = {
  rollback: 'views.deviation.rollback',
  startedElsewhen: 'views.deviation.startedElsewhen',
  withoutRehearsal: 'views.deviation.withoutRehearsal',
  rehearsalExcused: 'views.deviation.rehearsalExcused',
  overWindow: 'views.deviation.overWindow',
  resumed: 'views.deviation.resumed',
  lineLost: 'views.deviation.lineLost',
  lineStayedLost: 'views.deviation.lineStayedLost',
  leftOut: 'views.deviation.leftOut',
  copyLost: 'views.deviation.copyLost',
  copyStayedLost: 'views.deviation.copyStayedLost',
  noCopy: 'views.deviation.noCopy',
  sealMissing: 'views.deviation.sealMissing',
  notStamped: 'views.deviation.notStamped',
  gate: 'views.deviation.gate',
  check: 'views.deviation.check',
  checkExcused: 'views.deviation.checkExcused',
  checkAgain: 'views.deviation.checkAgain',
  siteGivenUp: 'views.deviation.siteGivenUp',
  passedOver: 'views.deviation.passedOver',
  byHand: 'views.deviation.byHand',
  skipped: 'views.deviation.skipped',
  failed: 'views.deviation.failed',
  attempts: 'views.deviation.attempts',
  longer: 'views.deviation.longer',
  undoneByHand: 'views.deviation.undoneByHand',
  undoSkipped: 'views.deviation.undoSkipped',
  undoFailed: 'views.deviation.undoFailed',
} as const satisfies Record<string, MessageKey>
type DeviationName = keyof typeof deviationKeys

/** One thing that did not go as the plan says. */
export type Deviation = { what: DeviationName; id: string; text: string }

/** A step is called longer than planned from a quarter over, and five seconds: less is the noise of a machine. */
const longerThan = { factor: 1.25, seconds: 5 }

/** A gate is planned to take no time; up to a minute is what checks and people's hands need. */
const longestGateSeconds = 60

export function deviations(runView: RunView, entries: readonly Entry[], formatter: Formatter): Deviation[] {
  const { run } = runView
  if (!run) return []
  const tell = (what: DeviationName, id: string, values: Record<string, string | number>): Deviation => ({
    what,
    id,
    text: formatter.say({ key: deviationKeys[what], values }),
  })
  const found: Deviation[] = []
  if (run.plannedStart) {
    const values = { at: formatter.moment(run.windowStart), planned: formatter.moment(run.plannedStart) }
    found.push(tell('startedElsewhen', run.id, values))
  }
  if (run.rehearsalExcused) {
    const { by, role, reason } = run.rehearsalExcused
    found.push(tell('rehearsalExcused', run.id, { by, role, reason }))
  } else if (run.withoutRehearsal !== undefined)
    found.push(tell('withoutRehearsal', run.id, { reason: run.withoutRehearsal }))
  if (run.rollback) {
    const why = formatter.say(run.rollback.why)
    const trigger = formatter.say({ key: triggerKeys[run.rollback.trigger] })
    found.push(tell('rollback', run.id, { at: formatter.clock(run.rollback.at), trigger, why }))
  }
  const givenUp = givenUpView(runView, formatter)
  if (givenUp) found.push(tell('siteGivenUp', run.id, { text: givenUpText(givenUp, formatter) }))
  const endedAt = endOf(runView)
  if (run.mode === 'live' && endedAt && secondsBetween(run.windowEnd, endedAt) > 0) {
    const over = formatter.duration(secondsBetween(run.windowEnd, endedAt))
    found.push(tell('overWindow', run.id, { over }))
  }
  const own = entries.filter(entry => entry.run === run.id)
  const resumes = entries.filter(entry => entry.event.type === 'run.resumed')
  for (const { at, event } of resumes) {
    if (event.type === 'run.resumed')
      found.push(tell('resumed', run.id, { at: formatter.clock(at), by: event.by }))
  }
  for (const { component, from, to } of lostLines(own)) {
    const values = {
      title: runView.plan.components[component]?.title ?? component,
      from: formatter.clock(from),
      lasted: to ? formatter.duration(secondsBetween(from, to)) : '',
    }
    found.push(tell(to ? 'lineLost' : 'lineStayedLost', component, values))
  }
  for (const row of leftOutRows(runView, formatter))
    found.push(tell('leftOut', row.component, { text: leftOutText(row, runView, formatter) }))
  for (const { host, from, to } of lostCopies(own)) {
    const lasted = to ? formatter.duration(secondsBetween(from, to)) : ''
    found.push(tell(to ? 'copyLost' : 'copyStayedLost', host, { host, from: formatter.clock(from), lasted }))
  }
  for (const { event } of own) {
    if (event.type === 'journal.not-stamped')
      found.push(tell('notStamped', run.id, { entries: event.entries, why: formatter.say(event.why) }))
    if (event.type !== 'journal.sealed') continue
    for (const { host, why } of event.missing ?? [])
      found.push(tell('sealMissing', host, { host, entries: event.entries, why: formatter.say(why) }))
  }
  if (run.withoutCopies === true) found.push(tell('noCopy', run.id, {}))
  found.push(...stepRows(runView).flatMap(row => stepDeviations(row, runView, entries, formatter, tell)))
  for (const { id, reachedAt, openedAt } of gateRows(runView)) {
    const seconds = reachedAt && openedAt ? secondsBetween(reachedAt, openedAt) : 0
    if (seconds > longestGateSeconds)
      found.push(tell('gate', id, { gate: id, waited: formatter.duration(seconds) }))
  }
  for (const check of gateRows(runView).flatMap(gate => gate.checks)) {
    if (check.excused)
      found.push(tell('checkExcused', check.id, { check: check.id, title: formatter.say(check.title) }))
    else if (check.state === 'failed')
      found.push(tell('check', check.id, { check: check.id, title: formatter.say(check.title) }))
    else if (check.state === 'passed' && check.attempt > 1)
      found.push(tell('checkAgain', check.id, { check: check.id, attempts: check.attempt }))
  }
  return found
}

/** Of what the window is for: steps beside the run may outlast it. */
function endOf({ run, runbook }: RunView): string | undefined {
  if (run?.finishedAt === undefined || run.rollback !== undefined) return run?.finishedAt
  if (!runbook.steps.some(step => step.beside)) return run.finishedAt
  const ends = runbook.steps.flatMap(step => (step.beside ? [] : (run.steps[step.id]?.endedAt ?? [])))
  return ends.sort((left, right) => secondsBetween(right, left)).at(-1)
}

function stepDeviations(
  row: StepRow,
  runView: RunView,
  entries: readonly Entry[],
  formatter: Formatter,
  tell: (what: DeviationName, id: string, values: Record<string, string | number>) => Deviation,
): Deviation[] {
  const found: Deviation[] = []
  const step = formatter.say(row.title)
  const state = runView.run?.steps[row.id]
  const by = personOf(row.id, entries)
  if (state?.how === 'by-hand') found.push(tell('byHand', row.id, { step, ...by }))
  const site = runView.run?.siteGivenUp && runView.plan.sites[runView.run.siteGivenUp.side].title
  if (site !== undefined && (row.state === 'undo-passed-over' || row.state === 'site-given-up'))
    found.push(tell('passedOver', row.id, { step, site }))
  if (state?.how === 'skipped') found.push(tell('skipped', row.id, { step, ...by }))
  if (state?.status === 'failed')
    found.push(tell('failed', row.id, { step, why: formatter.say(state.failure?.text ?? row.title) }))
  else if (row.attempt > 1) found.push(tell('attempts', row.id, { step, attempts: row.attempt }))
  const actual = row.endedAt ? row.actualSeconds : undefined
  const over = actual !== undefined && actual > row.plannedSeconds * longerThan.factor
  if (over && actual - row.plannedSeconds > longerThan.seconds) {
    const values = {
      step,
      actual: formatter.duration(actual),
      planned: formatter.duration(row.plannedSeconds),
    }
    found.push(tell('longer', row.id, values))
  }
  if (row.state === 'undone-by-hand') found.push(tell('undoneByHand', row.id, { step, ...by }))
  if (row.state === 'undo-skipped') found.push(tell('undoSkipped', row.id, { step, ...by }))
  if (state?.undo?.status === 'failed') found.push(tell('undoFailed', row.id, { step }))
  return found
}

/** Who ordered that the step be skipped or taken as done, and why. */
function personOf(step: string, entries: readonly Entry[]): { by: string; reason: string } {
  const last = entries.findLast(
    ({ event }) =>
      event.type === 'order.received' && 'step' in event.order.order && event.order.order.step === step,
  )?.event
  if (last?.type !== 'order.received') return { by: '?', reason: '?' }
  return { by: last.order.by, reason: 'reason' in last.order.order ? (last.order.order.reason ?? '') : '' }
}
