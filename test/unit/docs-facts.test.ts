import { expect, test } from 'vitest'
import { verbs } from '../../src/cli/verbs.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { stages } from '../../src/model/stage.ts'
import type { Trigger } from '../../src/model/step.ts'
import { pageNamed, pages, proseOf } from '../helpers/docs-pages.ts'

const night = pageNamed('docs/the-night.md')
const how = pageNamed('docs/how-it-works.md')
const codes: number[] = Object.values(exitCodes)

/** Rows of the table under a heading, cells trimmed. */
function tableUnder(text: string, heading: string): string[][] {
  const section = text.split(`\n${heading}\n`)[1]?.split(/\n#/)[0] ?? ''
  return [...section.matchAll(/^\| (.*) \|$/gm)]
    .map(match => (match[1] ?? '').split(' | ').map(cell => cell.trim()))
    .slice(2)
}

test('the night’s table of exit codes is that of the program', () => {
  const written = tableUnder(night.text, '## Exit codes').map(row => Number(row[0]))
  expect(written).toEqual(codes)
})

test('every exit code named on any page is one of the program', () => {
  const named = pages.flatMap(page =>
    [...page.text.matchAll(/(?:exit codes?|# ends with) (\d+)/gi)].map(match => Number(match[1])),
  )
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter(code => !codes.includes(code))).toEqual([])
})

test('stages are named in their order', () => {
  const cells = tableUnder(how.text, '## Stages and gates').map(row => row[1] ?? '')
  const named = cells.flatMap(cell =>
    [...cell.replaceAll(/gate `\w+`/g, '').matchAll(/`([\w-]+)`/g)].map(match => match[1]),
  )
  expect(named).toEqual(stages.map(stage => stage.id))
})

test('the triggers of the night are those that there are', () => {
  const all: Record<Exclude<Trigger, 'rehearsal'>, true> = {
    R1: true,
    R2: true,
    R3: true,
    R4: true,
    failure: true,
    'no-go': true,
    order: true,
  }
  const written = tableUnder(night.text, '## When something goes wrong')
    .flatMap(row => (row[0] ?? '').split(', '))
    .map(name => name.replaceAll('`', ''))
  expect(written).toEqual(Object.keys(all))
})

test('every check id in the prose stands in the example', async () => {
  const { openPlan } = await import('../../src/plan/load.ts')
  const plan = await openPlan(
    [new URL('../../examples/techcorp/plan.yaml', import.meta.url).pathname],
    await loadKinds(),
  )
  const text = pages.map(proseOf).join('\n')
  const named = [...new Set([...text.matchAll(/\bT\d+\b/g)].map(match => match[0]))]
  expect(named.filter(id => plan.checks[id] === undefined)).toEqual([])
})

test('verbs written in a sentence exist', () => {
  const names = verbs.map(verb => verb.name)
  const written = pages.flatMap(page =>
    [...proseOf(page).matchAll(/`bascule ([a-z][a-z-]*)/g)].map(match => match[1]),
  )
  expect(written.length).toBeGreaterThan(10)
  expect(written.filter(name => name !== undefined && !names.includes(name))).toEqual([])
})
