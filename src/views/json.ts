import type { CheckRow, GateRow } from './gates.ts'
import type { Report } from './report.ts'
import type { StepRow } from './rows.ts'
import type { Status } from './status.ts'
import type { Voice } from './voice.ts'

/** The JSON forms of views: the same fields, sentences in one language. Field names are stable (docs/commands.md). */
export function statusJson(view: Status, voice: Voice) {
  return {
    ...view,
    steps: view.steps.map(step => stepJson(step, voice)),
    gates: view.gates.map(gate => gateJson(gate, voice)),
  }
}

export function reportJson(view: Report, voice: Voice) {
  const { evidence, findings, ...rest } = view
  return {
    ...rest,
    ...evidence,
    steps: view.steps.map(step => ({ ...stepJson(step, voice), outcome: step.state })),
    gates: view.gates.map(gate => gateJson(gate, voice)),
    findings: findings.map(({ text, remedy, ...finding }) => ({
      ...finding,
      text: voice.say(text),
      ...(remedy ? { remedy: voice.say(remedy) } : {}),
    })),
  }
}

export function stepJson(step: StepRow, voice: Voice) {
  return { ...step, title: voice.say(step.title) }
}

export function gateJson(gate: GateRow, voice: Voice) {
  return { ...gate, title: voice.say(gate.title), checks: gate.checks.map(check => checkJson(check, voice)) }
}

export function checkJson({ failure, ...check }: CheckRow, voice: Voice) {
  return {
    ...check,
    title: voice.say(check.title),
    ...(failure ? { failure: voice.say(failure) } : {}),
  }
}
