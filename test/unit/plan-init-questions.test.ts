import { Temporal } from 'temporal-polyfill'
import { beforeEach, expect, test, vi } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import type { Text } from '../../src/model/text.ts'
import { defaultAnswers } from '../../src/plan/init/answers.ts'
import { askAnswers } from '../../src/plan/init/questions.ts'
import { messages } from '../../src/plan/messages.ts'

type Asked = { message: string; initialValue: string; validate(answer: string): string | undefined }

/** Stands for the person at the keyboard: takes what is suggested, unless the question is one of these. */
const person = vi.hoisted(() => ({
  asked: [] as string[],
  said: {} as Record<string, string | symbol>,
  refused: [] as (string | undefined)[],
  parts: ['database', 'names'],
  giveUp: Symbol('given up'),
}))
vi.mock('@clack/prompts', () => ({
  isCancel: (answer: unknown) => answer === person.giveUp,
  multiselect: async () => person.parts,
  text: async ({ message, initialValue, validate }: Asked) => {
    person.asked.push(message)
    const answer = person.said[message] ?? initialValue
    if (typeof answer === 'string') person.refused.push(validate(answer))
    return answer
  },
}))
beforeEach(() => Object.assign(person, { asked: [], said: {}, refused: [] }))

const translate = createTranslator([messages])
const say = (text: Text) => translate(text, 'en')
const defaults = defaultAnswers(Temporal.PlainDate.from('2026-11-22'), 'Europe/Paris', [])
const known = [{ ssh: 'lyon-db', address: '192.0.2.7' }]

test('asks only what the chosen parts need, and fills in what the ssh configuration knows', async () => {
  person.said['What is the source site?'] = 'Lyon'
  const answers = await askAnswers(defaults, known, say)
  expect(answers.source.hosts).toEqual({
    gateway: { ssh: 'lyon-gateway', address: 'lyon-gateway' },
    database: { ssh: 'lyon-db', address: '192.0.2.7' },
  })
  expect(answers.parts).toEqual(['database', 'names'])
  expect(person.asked.filter(question => question.includes('file server'))).toEqual([])
  expect(person.asked).toContain('Which DNS zone changes?')
  expect(person.refused.filter(Boolean)).toEqual([])
})

test('a user name before the host is for ssh alone', async () => {
  person.said['What is the SSH name of the gateway at Target?'] = 'root@198.51.100.1'
  const answers = await askAnswers(defaults, known, say)
  expect(answers.target.hosts.gateway).toEqual({ ssh: 'root@198.51.100.1', address: '198.51.100.1' })
})

test.each([
  ['Which time zone does the plan use?', 'Paris', 'expected an IANA time zone such as Europe/Paris'],
  [
    'When does the maintenance window start (local time)?',
    '2026-02-30T22:00',
    'expected a local date and time such as',
  ],
  ['Which DNS zone changes?', 'our zone', 'expected a DNS zone such as example.org'],
  ['What is the SSH name of the gateway at Source?', '-oProxyCommand=x', 'expected an SSH host name'],
])('%s is asked again after %s', async (question, answer, why) => {
  person.said[question] = answer
  await askAnswers(defaults, known, say)
  expect(person.refused.filter(Boolean)).toEqual([expect.stringContaining(why)])
})

test('who gives up gets no plan', async () => {
  person.said['Who leads the migration?'] = person.giveUp
  await expect(askAnswers(defaults, known, say)).rejects.toMatchObject({
    text: { key: 'plan.init.cancelled' },
    exitCode: 2,
  })
})
