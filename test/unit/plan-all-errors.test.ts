import { expect, test } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import { formatPlanError } from '../../src/plan/error.ts'
import { messages } from '../../src/plan/messages.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { complaints, goodPlan, testKinds } from '../helpers/plan-kinds.ts'

/** Ten mistakes of every sort, in one plan. */
const faulty = goodPlan
  .replace('Europe/Paris', 'Europe/Pari')
  .replace('2 h,', '90,')
  .replace('J-14 to J+7', 'J+7 to J-14')
  .replace('owner: dba\n', 'owner: dbb\n    needs: [site]\n')
  .replace('"env:DB_PASSWORD"', 'hunter2')
  .replace('criticality: high', 'critcality: high')
  .replace('systemd:', 'systmd:')
  .replace('below: 1 min', 'below: 5 GB')
  .replace('serviceStartAttempts: 3', 'serviceStartAttempts: 0')

test('every error comes at once, in reading order', () => {
  expect(complaints(faulty)).toEqual([
    '4:7 zone unknownZone → Europe/Paris',
    '5:43 window.length found.number',
    '20:79 people[0].available daysBackwards',
    '26:12 components.data.owner unknownRole → dba',
    '31:38 components.data.admin.password secretInline',
    '33:3 components.site.criticality missing',
    '36:5 components.site.critcality unknownKey → criticality',
    '38:13 components.site.needs[0] cycle',
    '41:15 components.site.manager.systmd unknownKey → systemd',
    '43:53 checks.T2.below wrongUnit',
    '49:56 rollback.serviceStartAttempts notAllowed',
  ])
})

const say = createTranslator([messages, ...Object.values(testKinds).map(kind => kind.messages)])
function lines(text: string, language: 'en' | 'fr'): string[] {
  const result = parsePlan([{ name: 'plan.yaml', text }], testKinds)
  return 'errors' in result
    ? result.errors.map(error => formatPlanError(error, part => say(part, language)))
    : []
}

test('an error says where, what is wrong, what was expected and the nearest name, in both languages', () => {
  const text = goodPlan.replace('needs: [data]', 'needs: [dta]')
  expect(lines(text, 'en')).toEqual([
    'plan.yaml:37:13 components.site.needs[0]: there is no component "dta"; expected one of data, site; did you mean "data"?',
  ])
  expect(lines(text, 'fr')).toEqual([
    'plan.yaml:37:13 components.site.needs[0]: il n’y a pas de composant «\u00a0dta\u00a0»\u00a0; attendu\u00a0: l’un de data, site\u00a0; vouliez-vous dire «\u00a0data\u00a0»\u00a0?',
  ])
})

test('a circle of needs is shown whole', () => {
  const text = goodPlan.replace('owner: dba\n', 'owner: dba\n    needs: [site]\n')
  expect(lines(text, 'en').join()).toContain('in a cycle: data → site → data')
})

test('a kind’s own rule speaks with its own sentence', () => {
  expect(lines(goodPlan.replace('    manager:', '    lowest: 5\n    manager:'), 'fr')).toEqual([
    'plan.yaml:32:3 components.site.highest: cette valeur n’est pas autorisée\u00a0; attendu\u00a0: plus que lowest',
  ])
})

test('what was written in the place of a secret is never repeated', () => {
  const result = parsePlan([{ name: 'plan.yaml', text: faulty }], testKinds)
  expect(JSON.stringify(result)).not.toContain('hunter2')
})

test('every sentence of every error is in the catalogues', () => {
  for (const language of ['en', 'fr'] as const) {
    for (const line of lines(faulty, language)) expect(line).not.toMatch(/plan\.[a-z]+[. ]|\{\{/i)
  }
})
