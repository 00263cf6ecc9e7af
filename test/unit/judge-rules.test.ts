import { expect, test } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import { judgeRules } from '../../src/plan/judge/judge.ts'
import { messages } from '../../src/plan/messages.ts'
import { edited, findingsOf, rightPlan } from '../helpers/paper-plan.ts'
import { variants as otherVariants } from '../helpers/paper-variants.ts'
import { gateVariants } from '../helpers/paper-variants-gates.ts'
import { orderVariants } from '../helpers/paper-variants-order.ts'
import { peopleVariants } from '../helpers/paper-variants-people.ts'

const variants = [...otherVariants, ...orderVariants, ...peopleVariants, ...gateVariants]

test('a plan in which everything is right yields nothing', () => {
  expect(findingsOf(rightPlan)).toEqual([])
})

test.each(variants)('$what: $yields', ({ edits, yields, now }) => {
  expect(findingsOf(edited(edits), now).map(({ rule }) => rule)).toEqual(yields)
})

test('every rule fires in one of these plans, and has a near miss', () => {
  const ids = judgeRules.map(({ id }) => id)
  const fired = new Set(variants.flatMap(({ yields }) => yields))
  const missed = new Set(variants.map(({ nearMissOf }) => nearMissOf))
  expect(ids.filter(id => !fired.has(id))).toEqual([])
  expect(ids.filter(id => !missed.has(id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
  expect(variants.length).toBeGreaterThanOrEqual(30)
})

test('every finding has a sentence and a remedy in both languages, and no gap in them', () => {
  const say = createTranslator([messages])
  const found = variants.flatMap(({ edits, now }) => findingsOf(edited(edits), now))
  const said = found.flatMap(({ text, remedy }) =>
    (['en', 'fr'] as const).flatMap(language => [say(text, language), say(remedy, language)]),
  )
  expect(said.length).toBeGreaterThan(100)
  expect(said.filter(sentence => !/^[«"`A-ZÉÀ0-9].*\.$/.test(sentence) && !/^[a-z]/.test(sentence))).toEqual(
    [],
  )
  expect(said.filter(sentence => /\{\{|NaN|undefined|Infinity|\bplan\.judge/.test(sentence))).toEqual([])
})
