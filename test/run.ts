// `npm test`: every kind of check in order, each told apart; the last line counts. Lab tests need root and say so when they are left out.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

type Count = { passed: number; failed: number; skipped: number; names: string[]; seconds?: Seconds[] }
/** A test file and how long it took. */
type Seconds = [file: string, seconds: number]

const bin = join(import.meta.dirname, '../node_modules')
const isRoot = process.getuid?.() === 0
const results = mkdtempSync(join(tmpdir(), 'bascule-test-'))

/** A program that passes or fails as a whole. */
function whole(name: string, argv: string[]): Count {
  console.log(`\n── ${name}`)
  const { status } = spawnSync(process.execPath, argv, { stdio: 'inherit' })
  return status === 0
    ? { passed: 1, failed: 0, skipped: 0, names: [] }
    : { passed: 0, failed: 1, skipped: 0, names: [name] }
}

type Report = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: {
    name: string
    status: string
    message: string
    startTime: number
    endTime: number
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]
  }[]
}

function vitest(name: string, folders: string[], options: string[] = []): Count {
  console.log(`\n── ${name}`)
  const file = join(results, `${name}.json`)
  const argv = [join(bin, 'vitest/vitest.mjs'), 'run', ...folders, ...options]
  const unhandled = join(results, `${name}.unhandled.json`)
  const reporters = [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    `--reporter=${join(import.meta.dirname, 'unhandled.ts')}`,
  ]
  // programs of the laboratory begin a hundred times
  const env = { ...process.env, NODE_COMPILE_CACHE: join(results, 'compiled'), BASCULE_UNHANDLED: unhandled }
  const { status } = spawnSync(process.execPath, [...argv, ...reporters], { stdio: 'inherit', env })
  // Ended from outside it leaves no report.
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, names: [`${name}: ended with ${status}`] }
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  const failed = report.testResults.flatMap(({ name: test, status: end, message, assertionResults }) => {
    const own = assertionResults
      .filter(one => one.status === 'failed')
      .map(one => `${test}: ${one.fullName}\n${why(one.failureMessages?.join('\n') ?? '')}`)
    return end === 'failed' && own.length === 0 ? [`${test}: could not be run\n${why(message)}`] : own
  })
  const outside: string[] = existsSync(unhandled) ? JSON.parse(readFileSync(unhandled, 'utf8')) : []
  failed.push(...outside.map(error => `${name}: outside of every test\n${why(error)}`))
  const none = report.numPassedTests + report.numFailedTests === 0
  if (none || (status !== 0 && failed.length === 0)) failed.push(`${name}: ended with ${status}`)
  return {
    passed: report.numPassedTests,
    failed: failed.length,
    skipped: report.numPendingTests,
    names: failed,
    seconds: report.testResults.map(({ name: test, startTime, endTime }) => [
      relative(join(import.meta.dirname, '..'), test),
      (endTime - startTime) / 1000,
    ]),
  }
}

/** Enough of a failure to know where to look: many pages stand above the last line. */
const why = (message: string): string => {
  const lines = stripVTControlCharacters(message).trim().split('\n')
  return lines
    .slice(0, 14)
    .map(line => `    ${line.slice(0, 300)}`)
    .join('\n')
}

/** Without root: counted one by one and named, never left out in silence. */
function withoutRoot(name: string, folders: string[], options: string[]): Count {
  const argv = [join(bin, 'vitest/vitest.mjs'), 'list', ...folders, ...options]
  const listed = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
  })
  const tests = listed.stdout.split('\n').filter(line => line.includes(' > '))
  console.log(`\n── ${name}: LEFT OUT, they need root (sudo npm test). ${tests.length} tests:`)
  for (const test of tests) console.log(`   skipped: ${test}`)
  return { passed: 0, failed: 0, skipped: tests.length, names: [] }
}

/** What boots guests, apart: emulated CPUs fill two cores. Of whole estates more than two at once make each other late. */
const machines = [
  'contract/guest-',
  'contract/hypervisor-',
  'contract/machine-',
  'contract/proxmox-',
  'lab/machines-',
]
const booting = machines.map(beginning => `test/${beginning}`)
const others = machines.map(beginning => `--exclude=test/${beginning}*`)

const patient = ['--testTimeout=240000', '--hookTimeout=240000']
/** Each file raises what it needs beside the others. */
const withRoot = (name: string, folders: string[], options: string[]): Count =>
  isRoot ? vitest(name, folders, [...options, ...patient]) : withoutRoot(name, folders, options)

const counts = [
  whole('format and lint', [join(bin, '@biomejs/biome/bin/biome'), 'ci', '.']),
  whole('types', [join(bin, '@typescript/native/bin/tsc'), '--noEmit']),
  vitest(
    'architecture, unit, property',
    ['test/architecture', 'test/unit', 'test/property'],
    [...patient, '--maxWorkers=2'],
  ),
  withRoot('contract and laboratory', ['test/contract', 'test/lab'], ['--maxWorkers=2', ...others]),
  withRoot('virtual machines', booting, ['--maxWorkers=2']),
]
rmSync(results, { recursive: true, force: true })

const sum = (pick: (count: Count) => number): number =>
  counts.reduce((total, count) => total + pick(count), 0)
const slowest = counts.flatMap(count => count.seconds ?? []).toSorted(([, one], [, other]) => other - one)
console.log('\n── slowest files, seconds')
for (const [file, seconds] of slowest.slice(0, 40)) console.log(`${seconds.toFixed(0).padStart(5)} ${file}`)
for (const name of counts.flatMap(count => count.names)) console.log(`FAILED ${name}`)
console.log(
  `\n${sum(count => count.passed)} passed, ${sum(count => count.failed)} failed, ${sum(count => count.skipped)} skipped`,
)
process.exitCode = sum(count => count.failed) === 0 ? 0 : 1
