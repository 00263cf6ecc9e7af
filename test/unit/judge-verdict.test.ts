import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkPlan } from '../../src/plan/check.ts'
import { type Edit, edited, paperKinds } from '../helpers/paper-plan.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const folder = temporaryFolder('verdict')

/** Exit code, levels of the findings and the last line of a plan on paper with these changes. */
async function verdict(...edits: Edit[]) {
  const file = join(folder, 'plan.yaml')
  writeFileSync(file, edited(edits))
  const { exitCode, findings, lines } = await checkPlan([file], paperKinds, 'en')
  return { exitCode, levels: findings.map(({ level }) => level), last: lines.at(-1)?.slice(file.length + 2) }
}

test('nothing to say: exit 0', async () => {
  expect(await verdict()).toEqual({ exitCode: 0, levels: [], last: 'the plan "paper" is valid.' })
})

test('warnings alone: exit 0', async () => {
  expect(await verdict(['  backup: nightly\n', ''])).toEqual({
    exitCode: 0,
    levels: ['warn'],
    last: 'the plan "paper" is valid.',
  })
})

test('what blocks, and is not about the window: exit 10', async () => {
  expect(await verdict(['databaseStart: 5 min', 'databaseStart: "?"'], ['  backup: nightly\n', ''])).toEqual({
    exitCode: 10,
    levels: ['warn', 'block'],
    last: 'the plan "paper" cannot be carried out: 1 blocking finding.',
  })
})

test('the window does not hold: exit 12', async () => {
  const edits: Edit[] = [
    ['"23:15", until: "23:20"', '"23:15", until: "00:00"'],
    ['users: {work: reopen, at: "23:20"}', 'users: {work: reopen, at: "00:00"}'],
  ]
  expect(await verdict(...edits)).toEqual({
    exitCode: 12,
    levels: ['block'],
    last: 'the plan "paper" does not fit its window: 1 blocking finding.',
  })
})

test('a value that nothing can stand in for stays an error', async () => {
  const file = join(folder, 'unknown.yaml')
  writeFileSync(file, edited([['zone: Europe/Paris', 'zone: "?"']]))
  const { exitCode, errors } = await checkPlan([file], paperKinds, 'en')
  expect(exitCode).toBe(2)
  expect(errors.map(({ path }) => path)).toContain('zone')
})
