import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'
import { works } from '../../src/model/schedule.ts'
import { checkPlan } from '../../src/plan/check.ts'
import { judgePlan, judgeRules } from '../../src/plan/judge/judge.ts'
import { assumedRates } from '../../src/plan/judge/models.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { blocksOf, pageNamed, root } from '../helpers/docs-pages.ts'

const page = pageNamed('docs/check.md')
const kinds = await loadKinds()
/** The names in the first column of a table's rows. */
const firstCells = (part: string): string[] =>
  [...part.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  )
const [beforeRules = '', rules = ''] = page.text.split('## The rules')

test('every rule has its line, in their order', () => {
  expect(firstCells(rules)).toEqual(judgeRules.map(({ id }) => id))
})

test('every work has its line, and every assumed rate', () => {
  const [beforeRates = '', rates = ''] = beforeRules.split('| rate | assumed |')
  const named = firstCells(beforeRates.slice(beforeRates.indexOf('| `work` | what it is |')))
  expect(named.filter(name => name !== 'work').toSorted()).toEqual([...works].toSorted())
  const lines = [...rates.matchAll(/^\| `(\w+)`.*\| (\d+) MB\/s \|$/gm)]
  expect(Object.fromEntries(lines.map(([, name, rate]) => [name, Number(rate) * 1e6]))).toEqual(assumedRates)
})

test('the schedule of the page is right, over the plan of write-a-plan.md', () => {
  const plan = blocksOf(pageNamed('docs/write-a-plan.md')).find(({ mark }) => mark === 'plan')
  const overlay = blocksOf(page).find(({ mark }) => mark === 'overlay')
  const result = parsePlan(
    [
      { name: 'plan.yaml', text: plan?.text ?? '' },
      { name: 'overlay.yaml', text: overlay?.text ?? '' },
    ],
    kinds,
  )
  if ('errors' in result) throw new Error(JSON.stringify(result.errors))
  expect(result.plan.schedule).toHaveLength(9)
  expect(judgePlan(result, kinds).filter(({ level }) => level !== 'note')).toEqual([])
})

test('the finding that the page shows is what the program says', async () => {
  const example = 'examples/seed/plan.yaml'
  const { lines } = await checkPlan([join(root, example)], kinds, 'en')
  const shown =
    blocksOf(page)
      .find(({ language }) => language === 'text')
      ?.text.trim() ?? ''
  expect(lines.map(line => line.replace(join(root, example), example))).toContain(shown)
})

test('the rates that the reference gives as assumed are those', () => {
  const reference = readFileSync(join(root, 'docs/plan-reference.md'), 'utf8')
  for (const [name, rate] of Object.entries(assumedRates))
    expect(reference).toMatch(new RegExp(`rates\\.${name}\`.*Assumed: ${rate / 1e6} MB/s`))
})
