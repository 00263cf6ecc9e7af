import type { Analysis, StepTime } from './analysis.ts'
import type { Formatter } from './formatter.ts'
import type { CheckRow, GateRow } from './gates.ts'
import type { Report } from './report.ts'
import type { StepRow } from './rows.ts'
import type { Status } from './status.ts'
import type { Typed } from './status-lines.ts'
import type { Waiting } from './waiting.ts'

/** The JSON forms of views: the same fields, sentences in one language. Field names are stable (docs/commands.md). */
export function statusJson(view: Status, formatter: Formatter, typed: Typed) {
  return {
    ...view,
    waiting: view.waiting.map(wait => waitingJson(wait, typed)),
    steps: view.steps.map(step => stepJson(step, formatter)),
    gates: view.gates.map(gate => gateJson(gate, formatter)),
  }
}

/** `commands`: the orders as they are given on the command line. */
export function waitingJson({ orders, ...wait }: Waiting, typed: Typed) {
  return { ...wait, orders, commands: orders.map(typed) }
}

export function reportJson(view: Report, formatter: Formatter) {
  const { evidence, findings, ...rest } = view
  const { counted, ...own } = evidence
  return {
    ...rest,
    ...own,
    ...counted,
    steps: view.steps.map(step => ({ ...stepJson(step, formatter), outcome: step.state })),
    gates: view.gates.map(gate => gateJson(gate, formatter)),
    findings: findings.map(({ text, remedy, ...finding }) => ({
      ...finding,
      text: formatter.say(text),
      ...(remedy ? { remedy: formatter.say(remedy) } : {}),
    })),
  }
}

export function analysisJson({ cause, steps, gates, rollback, ...view }: Analysis, formatter: Formatter) {
  const say = (step: StepTime) => ({ ...step, title: formatter.say(step.title) })
  const first = cause?.first && {
    id: cause.first.id,
    title: formatter.say(cause.first.title),
    why: formatter.say(cause.first.why),
  }
  return {
    ...view,
    ...(cause && { cause: { ...cause, why: formatter.say(cause.why), ...(first && { first }) } }),
    steps: steps.map(say),
    gates: gates.map(gate => ({ ...gate, title: formatter.say(gate.title) })),
    ...(rollback && { rollback: { ...rollback, steps: rollback.steps.map(say) } }),
  }
}

export function stepJson(step: StepRow, formatter: Formatter) {
  return { ...step, title: formatter.say(step.title) }
}

export function gateJson(gate: GateRow, formatter: Formatter) {
  return {
    ...gate,
    title: formatter.say(gate.title),
    checks: gate.checks.map(check => checkJson(check, formatter)),
  }
}

export function checkJson({ failure, detail, kind: _kind, ...check }: CheckRow, formatter: Formatter) {
  return {
    ...check,
    title: formatter.say(check.title),
    ...(detail ? { detail: detail.map(text => formatter.say(text)).join(' · ') } : {}),
    ...(failure ? { failure: formatter.say(failure) } : {}),
  }
}
