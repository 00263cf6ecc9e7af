// `npm test [-- --all]`: every kind of check in order, each told apart; the last line counts. Lab tests need root and say so when they are left out.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { describeFailed, type Failed, root } from './runner/failed.ts'
import type { Outcome } from './runner/reporter.ts'
import { leftToAll, type Part, partsOf } from './runner/suites.ts'
import { listTests, runVitest } from './runner/vitest.ts'

const usage = `usage: npm test [-- --all]
  --all: the long suites too`

const given = process.argv.slice(2)
if (given.some(word => word !== '--all')) {
  console.error(usage)
  process.exit(2)
}
const isAll = given.length > 0
const level = isAll ? 'all' : 'quick'
const isRoot = process.getuid?.() === 0
const results = mkdtempSync(join(tmpdir(), 'bascule-test-'))
const nothing: Outcome = { passed: 0, skipped: 0, failed: [], files: [] }

/** A program that passes or fails as a whole. */
function whole(name: string, program: string, ...argv: string[]): Outcome {
  console.log(`\n── ${name}`)
  const file = join(root, 'node_modules', program)
  const { status } = spawnSync(process.execPath, [file, ...argv], { stdio: 'inherit', cwd: root })
  const failed: Failed = { file: '', names: [name], message: `${program} ended with ${status}` }
  return status === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: [failed] }
}

/** Counted and named, never left out in silence. */
function leftOut(why: string, argv: readonly string[]): Outcome {
  const tests = listTests(argv)
  if (!Array.isArray(tests)) return { ...nothing, failed: [tests] }
  const files = Map.groupBy(tests, ({ file }) => relative(root, file))
  console.log(`\n── LEFT OUT, ${why}: ${tests.length} tests in ${files.size} files`)
  for (const [file, own] of files) console.log(`   skipped: ${file}, ${own.length} tests`)
  return { ...nothing, skipped: tests.length }
}

function runPart({ name, folders, exclude, workers, needsRoot }: Part): Outcome {
  const argv = [...folders, ...exclude.map(pattern => `--exclude=${pattern}`)]
  return needsRoot && !isRoot
    ? leftOut(`${name} need root (sudo npm test)`, argv)
    : runVitest(name, [...argv, `--maxWorkers=${workers}`], results, level)
}

const outcomes = [
  whole('format and lint', '@biomejs/biome/bin/biome', 'ci', '.'),
  whole('types', '@typescript/native/bin/tsc', '--noEmit'),
  ...partsOf(level).map(runPart),
  ...(isAll ? [] : [leftOut('they are for npm test -- --all', leftToAll)]),
]
rmSync(results, { recursive: true, force: true })

const sum = (pick: (outcome: Outcome) => number): number =>
  outcomes.reduce((total, outcome) => total + pick(outcome), 0)
const slowest = outcomes.flatMap(({ files }) => files).toSorted((one, other) => other.seconds - one.seconds)
console.log('\n── slowest files, seconds')
for (const { file, seconds } of slowest.slice(0, 40)) console.log(`${seconds.toFixed(0).padStart(5)} ${file}`)
console.log('')
for (const failed of outcomes.flatMap(outcome => outcome.failed)) console.log(describeFailed(failed))
const failures = sum(({ failed }) => failed.length)
console.log(
  `\n${sum(({ passed }) => passed)} passed, ${failures} failed, ${sum(({ skipped }) => skipped)} skipped`,
)
process.exitCode = failures === 0 ? 0 : 1
