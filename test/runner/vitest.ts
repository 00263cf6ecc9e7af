import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Failed, root } from './failed.ts'
import { type Outcome, outcomeVariable } from './reporter.ts'

const program = join(root, 'node_modules/vitest/vitest.mjs')

/** What tells a test at which level it is run. */
export const levelVariable = 'BASCULE_TEST_LEVEL'

/** `results`: a folder for what is of no use after the run. */
export function runVitest(
  name: string,
  argv: readonly string[],
  results: string,
  level: 'quick' | 'all',
): Outcome {
  console.log(`\n── ${name}`)
  const file = join(results, `${name}.json`)
  const { status } = spawnSync(
    process.execPath,
    [
      ...[program, 'run', ...argv],
      ...['--reporter=default', `--reporter=${join(import.meta.dirname, 'reporter.ts')}`],
    ],
    {
      stdio: 'inherit',
      cwd: root,
      env: {
        ...process.env,
        [outcomeVariable]: file,
        [levelVariable]: level,
        // programs of the laboratory begin a hundred times
        NODE_COMPILE_CACHE: join(results, 'compiled'),
      },
    },
  )
  const ended: Failed = { file: '', names: [name], message: `Vitest ended with ${status}` }
  // ended from outside it leaves nothing
  if (!existsSync(file)) return { passed: 0, skipped: 0, failed: [ended], files: [] }
  const outcome = JSON.parse(readFileSync(file, 'utf8')) as Outcome
  const isUntold = outcome.failed.length === 0 && (status !== 0 || outcome.passed === 0)
  return isUntold ? { ...outcome, failed: [ended] } : outcome
}

/** Tests that a call of the same words would run, none of which is run; or why nobody knows. */
export function listTests(argv: readonly string[]): { file: string; name: string }[] | Failed {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'list', ...argv, '--json'], {
    encoding: 'utf8',
    cwd: root,
    maxBuffer: 2 ** 26,
  })
  if (status === 0) return JSON.parse(stdout) as { file: string; name: string }[]
  return { file: '', names: ['vitest list', ...argv], message: stderr }
}
