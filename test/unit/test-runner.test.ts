import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeFailed, lineAlone, root } from '../runner/failed.ts'
import { type Part, partsOf, suites } from '../runner/suites.ts'

describe('the line that runs a test alone', () => {
  /** What Vitest gets of it as `-t`. */
  const patternOf = (line: string): string => {
    const typed = line.replace(/^npx vitest run \S+ -t /, 'printf %s ')
    return execFileSync('bash', ['-c', typed], { encoding: 'utf8' })
  }

  it.each([
    [['moves', 'and comes back']],
    [['a "suite" (T5)', "fails: it's $5, or `x` + [y]*?"]],
    [['back\\slash', 'née ’ « 100 % »!']],
  ])('%j is found by it, and nothing longer or shorter is', names => {
    const pattern = new RegExp(patternOf(lineAlone('test/unit/x.test.ts', names)))
    expect(pattern.test(names.join(' '))).toBe(true)
    expect(pattern.test(names.join(' ').slice(1))).toBe(false)
  })

  it('is that of the whole file when no test is to blame', () => {
    expect(lineAlone('test/lab/night.test.ts', [])).toBe('npx vitest run test/lab/night.test.ts')
  })

  it('stands below what failed, where and why', () => {
    const failed = {
      file: 'test/unit/x.test.ts',
      names: ['a', 'b'],
      message: 'expected 1\nto be 2',
      at: 'src/x.ts:3',
    }
    expect(describeFailed(failed).split('\n')).toEqual([
      'FAILED test/unit/x.test.ts > a > b',
      '    expected 1',
      '    to be 2',
      '  at src/x.ts:3',
      '  alone: npx vitest run test/unit/x.test.ts -t "a b"',
    ])
  })
})

describe('the long suites', () => {
  it('are there, each once', () => {
    const files = suites.map(({ file }) => file)
    expect(files.filter(file => !existsSync(join(root, file)))).toEqual([])
    expect(new Set(files).size).toBe(files.length)
  })

  const isIn = (file: string, { folders, exclude }: Part) =>
    folders.some(folder => file.startsWith(folder)) &&
    !exclude.some(pattern => file.startsWith(pattern.replace('*', '')))

  it('are each in one part of npm test -- --all, and those not left to it in one of npm test', () => {
    const partsWith = (file: string, level: 'quick' | 'all') =>
      partsOf(level).filter(part => isIn(file, part)).length
    for (const { file, all } of suites)
      expect([file, partsWith(file, 'quick'), partsWith(file, 'all')]).toEqual([file, all ? 0 : 1, 1])
  })

  /** Of the files of a part that are in no list; with those before them, format, lint and types. */
  const othersSeconds: Record<string, number> = {
    'architecture, unit, property': 170,
    'contract and laboratory': 130,
    'virtual machines': 20,
  }
  const minutesOf = (level: 'quick' | 'all') =>
    partsOf(level).reduce((minutes, part) => {
      const own = suites.filter(({ file }) => isIn(file, part)).map(({ seconds }) => seconds)
      const sum = own.reduce((total, seconds) => total + seconds, othersSeconds[part.name] ?? 0)
      return minutes + Math.max(...own, sum / part.workers) / 60
    }, 0)

  it.each([
    { level: 'quick', within: 12 },
    { level: 'all', within: 40 },
  ] as const)('take no more than $within minutes in the level $level', ({ level, within }) => {
    expect(minutesOf(level)).toBeLessThan(within)
  })
})

it('every lab that tests, campaigns and benchmarks raise has a name of its own', () => {
  const files = ['test', 'bench', 'lab/campaign'].flatMap(top =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .map(file => join(top, file)),
  )
  const raising = files.filter(file => /\braise(Lab|Stage)\(/.test(readFileSync(join(root, file), 'utf8')))
  expect(raising.length).toBeGreaterThan(10)
  const foreign = raising.filter(file => !readFileSync(join(root, file), 'utf8').includes('ownName('))
  expect(foreign).toEqual([])
})
