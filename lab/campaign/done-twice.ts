import type { Entry } from '../../src/model/event.ts'

/** Steps that were begun again in the same run after the journal had them done. */
export function doneTwice(entries: readonly Entry[]): string[] {
  const done = new Set<string>()
  const twice: string[] = []
  for (const { run, event } of entries) {
    if (event.type === 'step.done') done.add(`${run} ${event.step}`)
    if (event.type === 'step.started' && done.has(`${run} ${event.step}`)) twice.push(event.step)
  }
  return twice
}
