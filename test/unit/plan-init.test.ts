import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Plan } from '../../src/model/plan.ts'
import { slug } from '../../src/model/slug.ts'
import type { Text } from '../../src/model/text.ts'
import { type Answers, defaultAnswers, guessHost, parts } from '../../src/plan/init/answers.ts'
import { initPlan } from '../../src/plan/init/init-plan.ts'
import { parseSshConfig } from '../../src/plan/init/ssh-config.ts'
import { writePlan } from '../../src/plan/init/write-plan.ts'
import { messages } from '../../src/plan/messages.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import fc from '../helpers/property.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const kinds = await loadKinds()
const translate = createTranslator([messages])
const english = (text: Text) => translate(text, 'en')
const today = Temporal.PlainDate.from('2026-11-22')

function planOf(text: string): Plan {
  const result = parsePlan([{ name: 'plan.yaml', text }], kinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors, null, 1))
  return result.plan
}

test('without questions: a plan that passes check, for a Saturday night two weeks ahead', async () => {
  const text = await initPlan({
    input: false,
    say: english,
    home: '/nonexistent',
    zone: 'Europe/Paris',
    today,
  })
  expect(planOf(text).window.start).toBe('2026-12-12T22:00')
  expect(planOf(text).zone).toBe('Europe/Paris')
  expect(text).not.toMatch(/plan\.init\./)
})

test('its comments are in the language asked for', () => {
  const text = writePlan(defaultAnswers(today, 'Europe/Paris', []), part => translate(part, 'fr'))
  expect(text).toContain('# Ne jamais écrire de secret ici')
  expect(text).not.toMatch(/plan\.init\./)
})

/** Every choice of parts, as the bits of a number. */
const subsets = Array.from({ length: 2 ** parts.length }, (_, bits) =>
  parts.filter((_part, index) => bits & (1 << index)),
)
test.each(subsets.map(some => [some.join(' + ') || 'nothing', some] as const))('moving %s', (_, some) => {
  const plan = planOf(writePlan({ ...defaultAnswers(today, 'UTC', []), parts: some }, english))
  expect(Object.keys(plan.components)).toEqual(expect.arrayContaining(['link', ...some]))
})

test('whatever is answered, the plan passes check', () => {
  const line = fc.stringMatching(/^[ -~éàçœ’«]{0,20}[A-Za-z][ -~]{0,5}$/)
  const answers = fc.record({ title: line, source: line, target: line, name: line, contact: line })
  fc.assert(
    fc.property(answers, given => {
      const base: Answers = defaultAnswers(today, 'Europe/Paris', [])
      const plan = planOf(
        writePlan(
          {
            ...base,
            title: given.title,
            lead: { name: given.name, contact: given.contact },
            source: { ...base.source, title: given.source },
            target: { ...base.target, title: given.target },
          },
          english,
        ),
      )
      expect([plan.title, plan.people[0]?.name, plan.sites.source.title]).toEqual([
        given.title,
        given.name,
        given.source,
      ])
    }),
    { numRuns: 60 },
  )
})

test('hosts of the ssh configuration are suggested', async () => {
  const known = parseSshConfig(
    'Host *\n  User me\nHost paris-db paris-database\n  HostName 192.0.2.10\nhost=lyon-gw\n\thostname "gw.lyon.example"\nHost bad?\nMatch all\n  HostName no.example\n',
  )
  expect(known).toEqual([
    { ssh: 'paris-db', address: '192.0.2.10' },
    { ssh: 'paris-database', address: '192.0.2.10' },
    { ssh: 'lyon-gw', address: 'gw.lyon.example' },
  ])
  expect(guessHost(known, ['Paris'], 'database').address).toBe('192.0.2.10')
  expect(guessHost(known, ['Lyon'], 'database')).toEqual({ ssh: 'lyon-database', address: 'lyon-database' })
  const home = temporaryFolder('init')
  await mkdir(join(home, '.ssh'))
  await writeFile(join(home, '.ssh/config'), 'Host source-db\n  HostName 192.0.2.99\n')
  const text = await initPlan({ input: false, say: english, home, zone: 'UTC', today })
  expect(planOf(text).sites.source.hosts.database).toMatchObject({
    ssh: 'source-db',
    address: '192.0.2.99',
  })
})

test('names become ids', () => {
  expect(slug('TechCorp, de Montpellier à Toulouse')).toBe('techcorp-de-montpellier-a-toulouse')
  expect(slug('2026 — été')).toBe('ete')
  expect(slug('***')).toBe('migration')
})
