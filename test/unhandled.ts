import { writeFileSync } from 'node:fs'
import { env } from 'node:process'
import type { Reporter } from 'vitest/node'

/**
 * Writes what failed outside of every test (a rejected promise nobody awaited, a worker that ended) as a JSON list of texts
 * into the file that BASCULE_UNHANDLED names: Vitest's JSON report leaves it out, though the run fails by it.
 */
export default class Unhandled implements Reporter {
  onTestRunEnd(...[, errors]: Parameters<NonNullable<Reporter['onTestRunEnd']>>): void {
    if (env.BASCULE_UNHANDLED === undefined) throw new Error('BASCULE_UNHANDLED names no file')
    // The origin (VITEST_TEST_PATH) is the file that ran at that moment.
    const told = errors.map(error =>
      [error.VITEST_TEST_PATH, error.VITEST_TEST_NAME, error.stack ?? error.message]
        .filter(part => part !== undefined)
        .join('\n'),
    )
    writeFileSync(env.BASCULE_UNHANDLED, JSON.stringify(told))
  }
}
