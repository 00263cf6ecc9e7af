import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeFailed, lineAlone, root } from '../runner/failed.ts'
import { parts, suites } from '../runner/suites.ts'

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

  /** Of files that are in no list. */
  const othersSeconds = 120
  /** Two files at a time, of which the last may be alone for a while. */
  const minutesOf = (chosen: typeof suites) =>
    (chosen.reduce((sum, { seconds }) => sum + seconds, othersSeconds) / 2 / 60) * 1.05

  it.each([
    { level: 'npm test', within: 12, chosen: suites.filter(({ all }) => !all) },
    { level: 'npm test -- --all', within: 30, chosen: suites },
  ])('take no more than $within minutes in $level, by what was measured', ({ chosen, within }) => {
    expect(minutesOf(chosen)).toBeLessThan(within)
  })

  it('are each in one part', () => {
    const partOf = (file: string) =>
      parts.filter(
        ({ folders, exclude }) =>
          folders.some(folder => file.startsWith(folder)) &&
          !exclude.some(pattern => file.startsWith(pattern.replace('*', ''))),
      )
    for (const { file } of suites) expect([file, partOf(file).length]).toEqual([file, 1])
  })
})
