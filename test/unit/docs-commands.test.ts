import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Asked, buildProgram } from '../../src/cli/program.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { openPlan } from '../../src/plan/load.ts'
import { compile } from '../../src/runbook/compile.ts'
import { blocksOf, commandOf, isOfTheNight, pages, root, typedLines } from '../helpers/docs-pages.ts'
import {
  betweenLines,
  goingWrongLines,
  installLines,
  labLines,
  notRun,
  programs,
  quickLines,
} from '../helpers/docs-typed-lines.ts'

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const typed = pages.flatMap(typedLines)
const beginning = (words: string) => typed.filter(({ line }) => line.startsWith(words))

/** A line of `sh` as words: quotes, a comment at the end, what follows `>` or `|` left out. */
function wordsOf(line: string): string[] {
  // in the examples of the help, what a line does stands far behind it
  const [command = ''] = line.split(/ {3,}/)
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
  const end = words.findIndex(word => ['#', '>', '|', '&&', ';'].includes(word))
  return end < 0 ? words : words.slice(0, end)
}

/** The command line up to the point where the verb would run. Throws what a person would be told. */
async function parseDry(argv: string[]): Promise<Asked | undefined> {
  let asked: Asked | undefined
  const program = buildProgram(
    verbs,
    text => text.key,
    () => {},
    async found => {
      asked = found
    },
  )
  await program.parseAsync(argv, { from: 'user' }).catch(error => {
    // asked for, and shown
    if (!['commander.helpDisplayed', 'commander.version'].includes(error.code)) throw error
  })
  return asked
}

test('there are commands on the pages', () => {
  expect(beginning('bascule ').length).toBeGreaterThan(40)
  expect(beginning('npm ').length).toBeGreaterThan(4)
})

test.each(beginning('bascule ').map(({ where, line }) => [where, line] as const))(
  '%s: %s is a command line',
  async (_, line) => {
    const [, ...argv] = wordsOf(line)
    await expect(parseDry(argv)).resolves.not.toThrow()
  },
)

test('every npm command is one of the project', () => {
  const unknown = beginning('npm ').filter(({ line }) => {
    const [, verb = '', script = ''] = wordsOf(line)
    if (verb === 'test') return scripts.test === undefined
    return verb === 'run' ? scripts[script] === undefined : !['install', 'uninstall', 'ci'].includes(verb)
  })
  expect(unknown).toEqual([])
})

test('every program and test that is typed by its path exists', () => {
  const paths = typed.flatMap(({ line }) =>
    wordsOf(line).filter(word => /^(src|lab|test|bin|bench|docs)\//.test(word)),
  )
  expect(paths.length).toBeGreaterThan(2)
  expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([])
})

test('every line on the pages is run by a test, or excepted for a reason', () => {
  const ofTheNight = pages
    .flatMap(blocksOf)
    .filter(isOfTheNight)
    .flatMap(({ text }) => text.trim().split('\n').map(commandOf))
  const [lists, excepted] = [
    [
      ...quickLines.map(({ line }) => line),
      ...betweenLines.map(({ line }) => line),
      ...goingWrongLines,
      ...installLines,
      ...labLines.map(({ line }) => line),
      ...Object.values(programs).flatMap(({ lines }) => lines),
    ],
    Object.keys(notRun),
  ]
  const written = typed.map(({ line }) => commandOf(line))
  const run = new Set([...ofTheNight, ...lists, ...excepted])
  expect(written.filter(line => !run.has(line))).toEqual([])
  // and no list holds what stands on no page any more
  expect([...lists, ...excepted].filter(line => !written.includes(line))).toEqual([])
  expect(excepted.length).toBeLessThan(4)
  expect(betweenLines.filter(({ after }) => !ofTheNight.includes(after))).toEqual([])
})

test('steps, checks, roles and gates named on the pages are those of the example', async () => {
  const kinds = await loadKinds()
  const plan = await openPlan([join(root, 'examples/techcorp/plan.yaml')], kinds)
  const runbook = compile({ plan, kinds, mode: 'live', facts: {} })
  const known = [...runbook.steps.map(step => step.id), ...Object.keys(plan.checks)]
  const roles = plan.people.map(person => person.role)
  for (const { where, line } of beginning('bascule ')) {
    const asked = await parseDry(wordsOf(line).slice(1))
    const [step] = asked?.call.arguments ?? []
    if (['done', 'retry', 'skip'].includes(asked?.verb.name ?? '')) expect(known, where).toContain(step)
    const role = asked?.typed.as
    if (typeof role === 'string') expect(roles, where).toContain(role)
  }
})
