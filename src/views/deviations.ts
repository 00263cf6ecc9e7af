import type { Entry } from '../model/event.ts'
import { gateRows } from './gates.ts'
import { lostLines } from './lost-lines.ts'
import type { Picture } from './picture.ts'
import { type StepRow, stepRows } from './rows.ts'
import { secondsBetween } from './seconds.ts'
import type { Voice } from './voice.ts'

/** One thing that did not go as the plan says. */
export type Deviation = { what: string; id: string; text: string }

/** A step is called longer than planned from a quarter over, and five seconds: less is the noise of a machine. */
const longerThan = { factor: 1.25, seconds: 5 }

/** A gate is planned to take no time; up to a minute is what checks and people's hands need. */
const longestGateSeconds = 60

export function deviations(picture: Picture, entries: readonly Entry[], voice: Voice): Deviation[] {
  const { run } = picture
  if (!run) return []
  const tell = (what: string, id: string, values: Record<string, string | number>): Deviation => ({
    what,
    id,
    text: voice.say({ key: `views.deviation.${what}`, values }),
  })
  const found: Deviation[] = []
  if (run.plannedStart) {
    const values = { at: voice.moment(run.windowStart), planned: voice.moment(run.plannedStart) }
    found.push(tell('startedElsewhen', run.id, values))
  }
  if (run.withoutRehearsal !== undefined)
    found.push(tell('withoutRehearsal', run.id, { reason: run.withoutRehearsal }))
  if (run.rollback) {
    const why = voice.say(run.rollback.why)
    found.push(
      tell('rollback', run.id, { at: voice.clock(run.rollback.at), trigger: run.rollback.trigger, why }),
    )
  }
  if (run.mode === 'live' && run.finishedAt && secondsBetween(run.windowEnd, run.finishedAt) > 0) {
    const over = voice.duration(secondsBetween(run.windowEnd, run.finishedAt))
    found.push(tell('overWindow', run.id, { over }))
  }
  const resumes = entries.filter(entry => entry.event.type === 'run.resumed')
  for (const { at, event } of resumes) {
    if (event.type === 'run.resumed')
      found.push(tell('resumed', run.id, { at: voice.clock(at), by: event.by }))
  }
  for (const { component, from, to } of lostLines(entries.filter(entry => entry.run === run.id))) {
    const values = {
      title: picture.plan.components[component]?.title ?? component,
      from: voice.clock(from),
      lasted: to ? voice.duration(secondsBetween(from, to)) : '',
    }
    found.push(tell(to ? 'lineLost' : 'lineStayedLost', component, values))
  }
  found.push(...stepRows(picture).flatMap(row => stepDeviations(row, picture, entries, voice, tell)))
  for (const { id, reachedAt, openedAt } of gateRows(picture)) {
    const seconds = reachedAt && openedAt ? secondsBetween(reachedAt, openedAt) : 0
    if (seconds > longestGateSeconds)
      found.push(tell('gate', id, { gate: id, waited: voice.duration(seconds) }))
  }
  for (const check of gateRows(picture).flatMap(gate => gate.checks)) {
    if (check.state === 'failed')
      found.push(tell('check', check.id, { check: check.id, title: voice.say(check.title) }))
    else if (check.state === 'passed' && check.attempt > 1)
      found.push(tell('checkAgain', check.id, { check: check.id, attempts: check.attempt }))
  }
  return found
}

function stepDeviations(
  row: StepRow,
  picture: Picture,
  entries: readonly Entry[],
  voice: Voice,
  tell: (what: string, id: string, values: Record<string, string | number>) => Deviation,
): Deviation[] {
  const found: Deviation[] = []
  const step = voice.say(row.title)
  const state = picture.run?.steps[row.id]
  const by = personOf(row.id, entries)
  if (state?.how === 'by-hand') found.push(tell('byHand', row.id, { step, ...by }))
  if (state?.how === 'skipped') found.push(tell('skipped', row.id, { step, ...by }))
  if (state?.status === 'failed')
    found.push(tell('failed', row.id, { step, why: voice.say(state.failure?.text ?? row.title) }))
  else if (row.attempt > 1) found.push(tell('attempts', row.id, { step, attempts: row.attempt }))
  const actual = row.endedAt ? row.actualSeconds : undefined
  const over = actual !== undefined && actual > row.plannedSeconds * longerThan.factor
  if (over && actual - row.plannedSeconds > longerThan.seconds) {
    const values = { step, actual: voice.duration(actual), planned: voice.duration(row.plannedSeconds) }
    found.push(tell('longer', row.id, values))
  }
  if (state?.undo?.status === 'failed') found.push(tell('undoFailed', row.id, { step }))
  return found
}

/** Who ordered that the step be left out or taken as done, and why. */
function personOf(step: string, entries: readonly Entry[]): { by: string; reason: string } {
  const last = entries.findLast(
    ({ event }) =>
      event.type === 'order.received' && 'step' in event.order.order && event.order.order.step === step,
  )?.event
  if (last?.type !== 'order.received') return { by: '?', reason: '?' }
  return { by: last.order.by, reason: 'reason' in last.order.order ? (last.order.order.reason ?? '') : '' }
}
