import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { replacePlan } from '../../src/cli/replace-plan.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { checkPlan } from '../../src/plan/check.ts'
import { type RepairResult, repairFiles } from '../../src/plan/check-repair.ts'
import { commentsIn } from '../../src/plan/edits/source-text.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'

const kinds = await loadKinds()
const seed = join(import.meta.dirname, '../../examples/seed/plan.yaml')
const written = readFileSync(seed, 'utf8')
const line = new CommandLine()
let repair: RepairResult

beforeAll(async () => {
  repair = await repairFiles([seed], kinds, 'en')
})

/** Whom to call, what to buy, who stays: nothing of it is invented. */
const forPeople = [
  ...[0, 1, 2, 3].map(index => [`people[${index}].contact`, 'people.contact']),
  ['phases.close.days', 'people.alone'],
  ['architecture.monitoring', 'target.no-monitoring'],
  ['architecture.backup', 'target.no-backup'],
  ['architecture.power', 'target.no-power'],
  ['architecture.copies.database', 'target.one-copy'],
]

test('the plan on paper, repaired: nothing blocks, and what is left is for people', () => {
  expect(repair.exitCode).toBe(0)
  expect(repair.findings.map(({ path, rule }) => [path, rule]).toSorted()).toEqual(forPeople.toSorted())
  expect(repair.lines).toContain('Blocking findings: 16 before, 0 after. Warnings: 20 before, 9 after.')
})

test('it keeps every comment and every line that no repair is about', () => {
  const comments = (text: string) => commentsIn(text).map(comment => comment.text)
  expect(comments(repair.text)).toEqual(comments(written))
  const removed = repair.diff.filter(one => /^-(?!--)/.test(one)).map(one => one.slice(1))
  expect(removed.length).toBeLessThan(30)
  const kept = written.split('\n').filter(one => !removed.includes(one))
  expect(repair.text.split('\n')).toEqual(expect.arrayContaining(kept))
})

test('--repair alone writes nothing; --write keeps the plan as it was, and what is written passes `check`', async () => {
  const file = join(line.home, 'plan.yaml')
  writeFileSync(file, written)
  const shown = documentOf(await line.type('check', file, '--repair', '--json'))
  expect(shown).toMatchObject({ ok: true, changes: repair.changes })
  expect(readFileSync(file, 'utf8')).toBe(written)
  expect(readdirSync(line.home).filter(name => name.startsWith('plan.yaml'))).toEqual(['plan.yaml'])
  const { exitCode, stdout } = await line.type('check', file, '--repair', '--write')
  expect(exitCode).toBe(0)
  expect(stdout).toContain(`Written to ${file}. The old plan is ${file}.before-repair.`)
  expect(readFileSync(`${file}.before-repair`, 'utf8')).toBe(written)
  expect(existsSync(`${file}.part`)).toBe(false)
  const after = await checkPlan([file], kinds, 'en')
  expect(after.exitCode).toBe(0)
  expect(after.findings.map(({ rule }) => rule).toSorted()).toEqual(
    forPeople.map(([, rule]) => rule).toSorted(),
  )
})

test('a plan that changed meanwhile is left alone', () => {
  const file = join(line.home, 'changed.yaml')
  writeFileSync(file, 'bascule: 1\n')
  expect(() => replacePlan(file, 'what was read', 'what it becomes')).toThrow(
    expect.objectContaining({ text: { key: 'cli.repair.changed', values: { file } } }),
  )
  expect(readFileSync(file, 'utf8')).toBe('bascule: 1\n')
  expect(existsSync(`${file}.before-repair`)).toBe(false)
})

test('an older copy is kept, and a byte order mark too', () => {
  const file = join(line.home, 'marked.yaml')
  writeFileSync(file, '\ufeffone\n')
  expect(replacePlan(file, 'one\n', 'two\n')).toBe(`${file}.before-repair`)
  expect(replacePlan(file, 'two\n', 'three\n')).toBe(`${file}.before-repair-2`)
  expect(readFileSync(file, 'utf8')).toBe('\ufeffthree\n')
  expect(readFileSync(`${file}.before-repair`, 'utf8')).toBe('\ufeffone\n')
})

test('--write without --repair is refused, and a plan with errors too', async () => {
  expect((await line.type('check', seed, '--write')).exitCode).toBe(2)
  const file = join(line.home, 'broken.yaml')
  writeFileSync(file, 'bascule: 2\n')
  const { exitCode, stdout } = await line.type('check', file, '--repair')
  expect(exitCode).toBe(2)
  expect(stdout).toBe('')
})
