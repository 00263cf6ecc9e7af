import type { FailureRecord } from '../model/failure.ts'
import type { Person } from '../model/plan.ts'
import type { Text } from '../model/text.ts'
import { isAuthors } from '../run/author.ts'
import { undoSavesWrites } from '../run/handed-over.ts'
import { partsMissed } from '../run/left-out.ts'
import { isLineLost } from '../run/line-lost.ts'
import { isFinished } from '../run/may-start.ts'
import { goesBackAtOnce } from '../run/overrun.ts'
import { withoutReturnPath } from '../run/return-path.ts'
import type { Formatter } from './formatter.ts'
import { type CheckRow, checkFigure, type GateRow, gateRows } from './gates.ts'
import { lostSource, lostWaits } from './lost-waits.ts'
import { type Proposal, type Waiting, withoutTarget } from './proposal.ts'
import { type ReturnPathRow, returnPathRows } from './return-paths.ts'
import { type StepRow, stepRows } from './rows.ts'
import type { RunView } from './run-view.ts'

export type { Proposal, Waiting } from './proposal.ts'

/** What waits now, most urgent first. Empty when the run goes on by itself, or has ended well. */
export function waiting(runView: RunView, formatter: Formatter): Waiting[] {
  const { run } = runView
  if (!run) return []
  const ways = returnPathRows(runView, formatter).flatMap(row => brokenReturnPath(row, runView, formatter))
  if (isFinished(run)) return ways
  const steps = stepRows(runView)
  const undos = steps.filter(step => step.state === 'undo-failed' && step.exhausted)
  const failed = steps.filter(step => step.state === 'failed' && step.exhausted)
  const halted = run.rollback
    ? undos.map(step => failedUndo(step, runView, formatter))
    : [
        ...failed.map(step => failedStep(step, runView, formatter)),
        ...gateRows(runView).flatMap(gate => gateWaits(gate, runView, formatter)),
      ]
  const stopped = run.outcome !== undefined || runView.executing === false
  if (stopped)
    return [...lostSource(runView, formatter), ...ways, ...halted, notExecuting(runView, formatter)]
  const lost = run.rollback ? [] : lostWaits(runView, formatter)
  const waits = [...ways, ...lost, ...halted]
  return run.held ? [held(runView, formatter), ...waits] : waits
}

/** A rollback waits for it, too: it would stop what serves, and then fail. */
function brokenReturnPath(row: ReturnPathRow, { run }: RunView, formatter: Formatter): Waiting[] {
  const { component, title, state, why = '', repair } = row
  if (state !== 'broken' || repair === 'running') return []
  const failure = run?.repair?.components[component]?.failure
  const text: Text =
    failure === undefined
      ? { key: 'views.waiting.returnPath', values: { title, why } }
      : { key: 'views.waiting.returnPathFailed', values: { title, why: formatter.say(failure.text) } }
  return [
    {
      what: 'return-path',
      id: component,
      roles: [],
      text: formatter.say(text),
      remedy: [failure?.remedy, { key: 'views.waiting.returnPathNoTarget' } as const]
        .flatMap(one => (one === undefined ? [] : [formatter.say(one)]))
        .join(' '),
      orders: [{ do: 'repair-return-path', reason: '' }, withoutTarget],
    },
  ]
}

/** Orders wait in the inbox until a program carries the run out again. */
function notExecuting(runView: RunView, formatter: Formatter): Waiting {
  const { run, runbook, plan, now } = runView
  const rollsBack = run !== undefined && goesBackAtOnce(runbook, run, plan, now)
  const onlyForward =
    run?.rollback !== undefined || (run !== undefined && withoutReturnPath(runbook, run).length > 0)
  return {
    what: 'resume',
    id: run?.id ?? '',
    roles: [],
    text: formatter.say({ key: 'views.waiting.resume' }),
    ...(rollsBack && { warning: formatter.say({ key: 'views.waiting.resumeLate' }) }),
    // a rollback is ordered while the run goes on; of one that stands still both ways out are named
    orders: onlyForward ? [{ do: 'carry-out' }] : [{ do: 'carry-out' }, { do: 'roll-back', reason: '' }],
  }
}

function held(runView: RunView, formatter: Formatter): Waiting {
  const hold = runView.run?.held
  const text: Text = hold?.reason
    ? {
        key: 'views.waiting.heldFor',
        values: { by: hold.by, at: formatter.clock(hold.at), reason: hold.reason },
      }
    : { key: 'views.waiting.held', values: { by: hold?.by ?? '', at: hold ? formatter.clock(hold.at) : '' } }
  const isGoingBack = runView.run?.rollback !== undefined
  const warnings = whileHeld(runView, formatter)
  return {
    what: 'hold',
    id: runView.run?.id ?? '',
    roles: [],
    text: formatter.say(text),
    ...(warnings.length > 0 && { warning: warnings.map(formatter.say).join(' ') }),
    orders: [{ do: 'resume' }, ...(isGoingBack ? [] : [{ do: 'roll-back', reason: '' } as const])],
  }
}

/** What a hold does not keep from happening, and what it does: a rollback is decided on time, and its undos wait. */
function whileHeld({ run, forecast }: RunView, formatter: Formatter): Text[] {
  if (run === undefined) return []
  if (run.rollback !== undefined) return [{ key: 'views.waiting.heldUndos' }]
  if (run.mode !== 'live' || run.gates.reopen?.openedAt !== undefined) return []
  const deadline: Text = {
    key: 'views.waiting.heldDeadline',
    values: { at: formatter.clock(forecast.lastSafe) },
  }
  return isLineLost(run) ? [{ key: 'views.waiting.heldLine' }, deadline] : [deadline]
}

function gateWaits(gate: GateRow, runView: RunView, formatter: Formatter): Waiting[] {
  // A GO counts only once every check has ended: asking for it earlier would only see it refused.
  if (['open', 'ahead', 'checking', 'not-passed'].includes(gate.state)) return []
  const failed = gate.checks.filter(
    check => check.state === 'failed' && check.onFailure !== 'alert' && !check.excused,
  )
  const waits = failed.map(check => failedCheck(check, runView, formatter))
  if (gate.missing.length > 0) waits.push(missing(gate, runView, formatter))
  return waits
}

function missing(gate: GateRow, runView: RunView, formatter: Formatter): Waiting {
  const mayGive = ({ name }: Person): boolean => !isAuthors(runView.plan.author, gate.id, name)
  const roles = gate.missing.map(role => named(role, runView, mayGive)).join(', ')
  return {
    what: 'sign-off',
    id: gate.id,
    roles: gate.missing,
    text: formatter.say({ key: 'views.waiting.signoffs', values: { gate: gate.id, roles } }),
    orders: gate.missing.map(role => ({ do: 'go', gate: gate.id, role })),
  }
}

function failedCheck(check: CheckRow, runView: RunView, formatter: Formatter): Waiting {
  const why = check.failure ? formatter.say(check.failure) : checkFigure(check, formatter)
  const values = { check: check.id, title: formatter.say(check.title), why }
  return {
    what: 'check',
    id: check.id,
    roles: [runView.plan.components[check.component]?.owner ?? ''].filter(Boolean),
    text: formatter.say({ key: 'views.waiting.check', values }),
    ...remedyOf(runView.run?.gates[check.gate]?.checks[check.id]?.failure, formatter),
    orders: [{ do: 'retry', step: check.id, reason: '' }],
  }
}

const stepWaits = {
  step: 'views.waiting.step',
  stepWithout: 'views.waiting.stepWithout',
  stepWithoutUntil: 'views.waiting.stepWithoutUntil',
} as const

function failedStep(step: StepRow, runView: RunView, formatter: Formatter): Waiting {
  const { run, runbook, forecast } = runView
  const failure = run?.steps[step.id]?.failure
  const planned = runbook.steps.find(candidate => candidate.id === step.id)
  const missed = run && planned ? partsMissed(planned, run) : []
  const values = {
    step: formatter.say(step.title),
    why: failure ? formatter.say(failure.text) : '',
    parts: missed.map(({ part }) => part).join(', '),
    means: missed.map(({ means }) => formatter.say(means)).join(' '),
    until: formatter.clock(forecast.lastSafe),
  }
  const until = run?.mode === 'live' && run.held === undefined
  const key = missed.length === 0 ? 'step' : until ? 'stepWithoutUntil' : 'stepWithout'
  return {
    what: 'step',
    id: step.id,
    roles: [step.owner],
    text: formatter.say({ key: stepWaits[key], values }),
    ...remedyOf(failure, formatter),
    orders: [
      ...missed.map(
        ({ part }): Proposal => ({ do: 'leave-out', component: step.component, part, reason: '' }),
      ),
      ...byPerson(step),
    ],
  }
}

function failedUndo(step: StepRow, runView: RunView, formatter: Formatter): Waiting {
  const failure = runView.run?.steps[step.id]?.undo?.failure
  const planned = runView.runbook.steps.find(candidate => candidate.id === step.id)
  const byHand = planned?.undo.possible ? formatter.say(planned.undo.byHand) : ''
  const values = { step: formatter.say(step.title), why: failure ? formatter.say(failure.text) : '', byHand }
  const { run } = runView
  const loses = run !== undefined && planned !== undefined && undoSavesWrites(planned, run)
  return {
    what: 'undo',
    id: step.id,
    roles: [step.owner],
    text: formatter.say({ key: 'views.waiting.undo', values }),
    ...(loses && { warning: formatter.say({ key: 'views.waiting.undoLoses' }) }),
    ...remedyOf(failure, formatter),
    orders: byPerson(step).filter(order => !loses || order.do !== 'skip'),
  }
}

const remedyOf = (failure: FailureRecord | undefined, formatter: Formatter) =>
  failure?.remedy === undefined ? {} : { remedy: formatter.say(failure.remedy) }

function byPerson(step: StepRow): Proposal[] {
  const ways = ['retry', 'done', 'skip'] as const
  return ways.map(way => ({ do: way, step: step.id, reason: '' }))
}

/** `dba (Marie Laurent)`: the role that is typed and the person it is. */
export function named(
  role: string,
  runView: Pick<RunView, 'plan'>,
  isMeant: (person: Person) => boolean = () => true,
): string {
  const person = runView.plan.people.find(candidate => candidate.role === role && isMeant(candidate))
  return person ? `${role} (${person.name})` : role
}
