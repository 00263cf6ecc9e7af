import type { FailureRecord } from '../model/failure.ts'
import type { Text } from '../model/text.ts'
import { isOver } from '../run/may-start.ts'
import { type CheckRow, checkFigure, type GateRow, gateRows } from './gates.ts'
import type { Picture } from './picture.ts'
import { type StepRow, stepRows } from './rows.ts'
import type { Voice } from './voice.ts'

/** One thing that goes on only when a person acts: what, why, on whom it waits, and what they type. */
export type Waiting = {
  what: 'hold' | 'sign-off' | 'no-go' | 'check' | 'step' | 'undo' | 'resume'
  /** Id of the gate, check or step; of the run for the rest. */
  id: string
  roles: string[]
  text: string
  /** What to mend first, where the failure knows. */
  remedy?: string
  commands: string[]
}

/** What waits now, most urgent first. Empty when the run goes on by itself, or has ended well. */
export function waiting(picture: Picture, voice: Voice): Waiting[] {
  const { run } = picture
  if (!run) return []
  if (isOver(run)) return []
  const steps = stepRows(picture)
  const undos = steps.filter(step => step.state === 'undo-failed' && step.exhausted)
  const failed = steps.filter(step => step.state === 'failed' && step.exhausted)
  const halted = run.rollback
    ? undos.map(step => failedUndo(step, picture, voice))
    : [
        ...failed.map(step => failedStep(step, picture, voice)),
        ...gateRows(picture).flatMap(gate => gateWaits(gate, picture, voice)),
      ]
  const stopped = run.outcome !== undefined || picture.executing === false
  if (stopped) return [...halted, notExecuting(picture, voice)]
  return run.held ? [held(picture, voice), ...halted] : halted
}

/** Orders wait in the inbox until a program carries the run out again. */
function notExecuting(picture: Picture, voice: Voice): Waiting {
  return {
    what: 'resume',
    id: picture.run?.id ?? '',
    roles: [],
    text: voice.say({ key: 'views.waiting.resume' }),
    // a rollback is ordered while the run goes on; of one that stands still both ways out are named
    commands: picture.run?.rollback
      ? [`${picture.typed} resume`]
      : [`${picture.typed} resume`, `${picture.typed} rollback --reason "…"`],
  }
}

function held(picture: Picture, voice: Voice): Waiting {
  const hold = picture.run?.held
  const text: Text = hold?.reason
    ? { key: 'views.waiting.heldFor', values: { by: hold.by, at: voice.clock(hold.at), reason: hold.reason } }
    : { key: 'views.waiting.held', values: { by: hold?.by ?? '', at: hold ? voice.clock(hold.at) : '' } }
  return {
    what: 'hold',
    id: picture.run?.id ?? '',
    roles: [],
    text: voice.say(text),
    commands: [`${picture.typed} resume`],
  }
}

function gateWaits(gate: GateRow, picture: Picture, voice: Voice): Waiting[] {
  // A GO counts only once every check has ended: asking for it earlier would only see it refused.
  if (gate.state === 'open' || gate.state === 'ahead' || gate.state === 'checking') return []
  const failed = gate.checks.filter(check => check.state === 'failed' && check.onFailure !== 'alert')
  const waits = failed.map(check => failedCheck(check, picture, voice))
  if (gate.missing.length > 0) waits.push(missing(gate, picture, voice))
  return waits
}

function missing(gate: GateRow, picture: Picture, voice: Voice): Waiting {
  const roles = gate.missing.map(role => named(role, picture)).join(', ')
  return {
    what: 'sign-off',
    id: gate.id,
    roles: gate.missing,
    text: voice.say({ key: 'views.waiting.signoffs', values: { gate: gate.id, roles } }),
    commands: gate.missing.map(role => `${picture.typed} go --gate ${gate.id} --as ${role}`),
  }
}

function failedCheck(check: CheckRow, picture: Picture, voice: Voice): Waiting {
  const why = check.failure ? voice.say(check.failure) : checkFigure(check, voice)
  const values = { check: check.id, title: voice.say(check.title), why }
  return {
    what: 'check',
    id: check.id,
    roles: [picture.plan.components[check.component]?.owner ?? ''].filter(Boolean),
    text: voice.say({ key: 'views.waiting.check', values }),
    ...remedyOf(picture.run?.gates[check.gate]?.checks[check.id]?.failure, voice),
    commands: [`${picture.typed} retry ${check.id} --reason "…"`],
  }
}

function failedStep(step: StepRow, picture: Picture, voice: Voice): Waiting {
  const failure = picture.run?.steps[step.id]?.failure
  const values = { step: voice.say(step.title), why: failure ? voice.say(failure.text) : '' }
  return {
    what: 'step',
    id: step.id,
    roles: [step.owner],
    text: voice.say({ key: 'views.waiting.step', values }),
    ...remedyOf(failure, voice),
    commands: byPerson(step, picture),
  }
}

function failedUndo(step: StepRow, picture: Picture, voice: Voice): Waiting {
  const failure = picture.run?.steps[step.id]?.undo?.failure
  const planned = picture.runbook.steps.find(candidate => candidate.id === step.id)
  const byHand = planned?.undo.possible ? voice.say(planned.undo.byHand) : ''
  const values = { step: voice.say(step.title), why: failure ? voice.say(failure.text) : '', byHand }
  return {
    what: 'undo',
    id: step.id,
    roles: [step.owner],
    text: voice.say({ key: 'views.waiting.undo', values }),
    ...remedyOf(failure, voice),
    commands: byPerson(step, picture),
  }
}

const remedyOf = (failure: FailureRecord | undefined, voice: Voice) =>
  failure?.remedy === undefined ? {} : { remedy: voice.say(failure.remedy) }

function byPerson(step: StepRow, picture: Picture): string[] {
  return ['retry', 'done', 'skip'].map(verb => `${picture.typed} ${verb} ${step.id} --reason "…"`)
}

/** `dba (Marie Laurent)`: the role that is typed and the person it is. */
export function named(role: string, picture: Pick<Picture, 'plan'>): string {
  const person = picture.plan.people.find(candidate => candidate.role === role)
  return person ? `${role} (${person.name})` : role
}
