import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { env } from 'node:process'
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'
import { type Failed, root } from './failed.ts'

/** What one call of Vitest came to, as `npm test` counts it. */
export type Outcome = {
  passed: number
  skipped: number
  failed: Failed[]
  /** Each file, with its hooks. Seconds. */
  files: { file: string; seconds: number }[]
}

/** In the environment: the file into which the outcome is written, as JSON. */
export const outcomeVariable = 'BASCULE_TEST_OUTCOME'

type Told = { message: string; diff?: string; stack?: string; stacks?: { file: string; line: number }[] }

/**
 * Vitest's own JSON report leaves out what failed outside of every test (a rejected promise nobody awaited, a worker that
 * ended), though the run fails by it, and the time that hooks take, which raise the laboratories.
 */
export default class OutcomeReporter implements Reporter {
  onTestRunEnd(...[modules, unhandled]: Parameters<NonNullable<Reporter['onTestRunEnd']>>): void {
    const file = env[outcomeVariable]
    if (file === undefined) throw new Error(`${outcomeVariable} names no file`)
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const count = (...states: string[]) => tests.filter(test => states.includes(test.result().state)).length
    const outcome: Outcome = {
      passed: count('passed'),
      // pending: the worker ended before it came to them
      skipped: count('skipped', 'pending'),
      failed: [
        ...modules.flatMap(failuresOf),
        ...unhandled.map(error => ({
          ...told([error]),
          // where Vitest was at that moment
          file: pathOf(String(error.VITEST_TEST_PATH ?? '')),
          names: [],
          outside: true as const,
        })),
      ],
      files: modules.map(module => {
        const { collectDuration, duration } = module.diagnostic()
        return { file: pathOf(module.moduleId), seconds: (collectDuration + duration) / 1000 }
      }),
    }
    writeFileSync(file, JSON.stringify(outcome))
  }
}

const pathOf = (file: string): string => (file === '' ? '' : relative(root, file))

function failuresOf(module: TestModule): Failed[] {
  const file = pathOf(module.moduleId)
  const of = (entity: TestCase | TestSuite | TestModule, errors: readonly Told[]): Failed[] =>
    errors.length === 0 ? [] : [{ ...told(errors), file, names: namesOf(entity) }]
  return [
    // what failed in a hook, or on the way to the tests
    ...[module, ...module.children.allSuites()].flatMap(suite => of(suite, suite.errors())),
    ...[...module.children.allTests('failed')].flatMap(test => of(test, test.result().errors ?? [])),
  ]
}

/** A test's name after those of what it stands in. */
function namesOf(entity: TestCase | TestSuite | TestModule): string[] {
  return entity.type === 'module' ? [] : [...namesOf(entity.parent), entity.name]
}

function told(errors: readonly Told[]): Pick<Failed, 'message' | 'at'> {
  const stacks = errors.flatMap(error => error.stacks ?? [])
  const own = stacks.find(({ file }) => file.startsWith(root) && !file.includes('/node_modules/'))
  return {
    message: errors.map(({ message, diff = '', stack }) => `${message || stack}\n${diff}`).join('\n'),
    ...(own && { at: `${relative(root, own.file)}:${own.line}` }),
  }
}
