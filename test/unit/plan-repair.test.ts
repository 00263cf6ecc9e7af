import { expect, test } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import { commentsIn } from '../../src/plan/edits/source-text.ts'
import { judgeRules, type PlanFinding } from '../../src/plan/judge/judge.ts'
import { messages } from '../../src/plan/messages.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { type PlanRepair, repairPlan } from '../../src/plan/repair.ts'
import { edited, findingsOf, paperKinds, rightPlan } from '../helpers/paper-plan.ts'
import type { Variant } from '../helpers/paper-variant.ts'
import { variants as otherVariants } from '../helpers/paper-variants.ts'
import { orderVariants } from '../helpers/paper-variants-order.ts'
import { peopleVariants } from '../helpers/paper-variants-people.ts'
import fc from '../helpers/property.ts'

const variants = [...otherVariants, ...orderVariants, ...peopleVariants]
/** Time that nothing uses between the last work and the switch. */
const lateSwitch: Variant = {
  what: 'a gap, and no reserve behind it',
  yields: ['order.no-reserve'],
  edits: [
    ['at: "23:10"}', 'at: "23:10", until: "23:15"}'],
    ['at: "23:15", until: "23:20"', 'at: "23:45", until: "23:50"'],
    ['reopen, at: "23:20"', 'reopen, at: "23:50"'],
  ],
}
const wrong = [...variants.filter(({ yields }) => yields.length > 0), lateSwitch]
const translate = createTranslator([messages])

/** Several tests look at the same plans. */
const repairs = new Map<string, PlanRepair>()
function repair(text: string, language: 'en' | 'fr' = 'en'): PlanRepair {
  const known = repairs.get(language + text) ?? repairedAnew(text, language)
  repairs.set(language + text, known)
  return known
}

function repairedAnew(text: string, language: 'en' | 'fr'): PlanRepair {
  const file = { name: 'plan.yaml', text }
  const parsed = parsePlan([file], paperKinds)
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
  return repairPlan([file], parsed, paperKinds, one => translate(one, language))
}

const count = (findings: readonly PlanFinding[], level: string) =>
  findings.filter(one => one.level === level).length

/** A comment behind every line and one between them: none may be lost. */
const commented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line, index) => `${line} # behind ${index}\n# below ${index}\n`)
    .join('')
const commentTexts = (text: string): string[] =>
  commentsIn(text)
    .map(comment => comment.text.trim())
    .toSorted()

function judgeRepair(text: string): PlanRepair {
  const repaired = repair(text)
  const { before, after, changes } = repaired
  // it is what a new look at the repaired text finds: it can be read
  expect(findingsOf(repaired.text)).toEqual(after)
  expect(count(after, 'block')).toBeLessThanOrEqual(count(before, 'block'))
  if (changes.some(({ finding }) => finding.level === 'block'))
    expect(count(after, 'block')).toBeLessThan(count(before, 'block'))
  if (changes.length === 0) expect(repaired.text).toBe(text)
  expect(commentTexts(repaired.text)).toEqual(commentTexts(text))
  // what it could repair, it has: a second time there is nothing
  expect(repair(repaired.text).changes).toEqual([])
  return repaired
}

test('a plan in which everything is right stays as it is', () => {
  expect(repair(rightPlan)).toEqual({ text: rightPlan, changes: [], before: [], after: [] })
})

test.each(wrong)('$what: read again it has less that blocks, and all its comments', ({ edits }) => {
  judgeRepair(commented(edited(edits)))
})

test('the same of several at once', () => {
  const several = fc.uniqueArray(fc.constantFrom(...wrong), { minLength: 2, maxLength: 4 })
  fc.assert(
    fc.property(several, picked => {
      const text = textOf(picked)
      fc.pre(text !== undefined)
      judgeRepair(text as string)
    }),
    { numRuns: 20 },
  )
})

/** Undefined where one of them replaces what another one needs, or where the plan then has errors. */
function textOf(picked: readonly Variant[]): string | undefined {
  try {
    const text = edited(picked.flatMap(({ edits }) => edits))
    return 'errors' in parsePlan([{ name: 'plan.yaml', text }], paperKinds) ? undefined : text
  } catch {
    return undefined
  }
}

test('each repair is what puts a finding of its rule right in one of these plans', () => {
  const repaired = new Set(
    wrong.flatMap(({ edits }) => repair(edited(edits)).changes.map(({ finding }) => finding.rule)),
  )
  const repairing = judgeRules.filter(rule => rule.repair !== undefined).map(({ id }) => id)
  expect(repairing.filter(id => !repaired.has(id))).toEqual([])
  expect(repairing.length).toBeGreaterThanOrEqual(20)
})

test('each repair is said in both languages', () => {
  const said = wrong.flatMap(({ edits }) =>
    (['en', 'fr'] as const).flatMap(language =>
      repair(edited(edits), language).changes.map(({ text }) => translate(text, language)),
    ),
  )
  expect(said.filter(one => /\{\{|NaN|undefined|Infinity|plan\.repair/.test(one))).toEqual([])
  expect(said.filter(one => !/^\p{Lu}.*\.$/u.test(one))).toEqual([])
})

test('the gap is closed by no more than the reserve needs', () => {
  const { text, after } = repair(edited(lateSwitch.edits))
  expect(after).toEqual([])
  expect(text).toContain('switch: {work: switch, components: [names], at: "23:25", until: "23:30"}')
  expect(text).toContain('users: {work: reopen, at: "23:30"}')
})

test('an overlay is laid over what is repaired, and what stands there is for people', () => {
  const text = edited([['databaseStart: 5 min', 'databaseStart: "?"']])
  const files = [
    { name: 'plan.yaml', text },
    { name: 'overlay.yaml', text: 'rollback: {serviceStartAttempts: "?"}\n' },
  ]
  const parsed = parsePlan(files, paperKinds)
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
  const { changes, after } = repairPlan(files, parsed, paperKinds, one => translate(one, 'en'))
  expect(changes.map(({ finding }) => finding.path)).toEqual([['rollback', 'databaseStart']])
  expect(after.map(({ path }) => path)).toEqual([['rollback', 'serviceStartAttempts']])
})
