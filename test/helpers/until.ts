import { setTimeout as wait } from 'node:timers/promises'

/** A bound for what hangs, not a promise of speed. */
const patienceSeconds = 200

/** Asks until it holds. Throws Error when it never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + patienceSeconds * 1000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not so after ${patienceSeconds} s: ${holds}`)
    await wait(50)
  }
}
