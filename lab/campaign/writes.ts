import type { Event } from '../../src/model/event.ts'
import type { Runbook } from '../../src/model/step.ts'

/** Names a journal write by what it says, so that the same write of another night has the same name. */
export function writeName(event: Event): string {
  if ('step' in event) return `${event.type} ${event.step}`
  if ('check' in event) return `${event.type} ${event.check}`
  if ('gate' in event) return `${event.type} ${event.gate}`
  if (event.type !== 'order.received') return event.type
  const { order } = event.order
  return `${event.type} ${order.do} ${'role' in order ? `${('gate' in order && order.gate) || ''} ${order.role}` : ''}`.trim()
}

/** Every write of a night in which all goes well, in the order of the runbook. */
export function writesOf(runbook: Runbook): string[] {
  const steps = runbook.steps.flatMap(({ id }) => [`step.started ${id}`, `step.done ${id}`])
  const gates = runbook.gates.flatMap(({ id, checks, signoffs }) => [
    `gate.reached ${id}`,
    ...checks.flatMap(check => [`check.started ${check.id}`, `check.done ${check.id}`]),
    ...signoffs.map(role => `order.received go ${id} ${role}`),
    `gate.opened ${id}`,
  ])
  return ['runbook.recorded', 'run.started', ...gates, ...steps, 'run.finished']
}

/** Some of them, spread evenly over the night; always the same. */
export function sampleOf(writes: readonly string[], most: number): string[] {
  const count = Math.min(most, writes.length)
  return Array.from(
    { length: count },
    (_, index) => writes[Math.floor(((index + 0.5) * writes.length) / count)] ?? '',
  )
}
