import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'
import { parsePlan } from '../../src/plan/parse.ts'

const kinds = await loadKinds()
const page = readFileSync(new URL('../../docs/write-a-plan.md', import.meta.url), 'utf8')
const blockWith = (word: string) =>
  [...page.matchAll(/```yaml[^\n]*\n([\s\S]*?)```/g)]
    .map(([, text = '']) => text)
    .find(text => text.includes(word)) ?? ''
const [whole, worker] = [blockWith('bascule: 1'), blockWith('alsoStop:')]

const errorsOf = (from: string, to: string) => {
  expect(worker).toContain(from)
  const files = [
    { name: 'plan.yaml', text: whole },
    { name: 'worker.yaml', text: worker.replace(from, to) },
  ]
  const result = parsePlan(files, kinds)
  return 'errors' in result
    ? result.errors.map(({ path, problem, expected }) => [path, problem.key, expected?.key])
    : []
}

test.each([
  [
    '    target: {host: shop}\n',
    '    target: {host: shop}\n    publicUrl: "https://mails.example.org"\n',
    'publicUrl',
  ],
  ['source: {host: shop}', 'source: {host: shop, url: "http://192.0.2.11:25"}', 'source.url'],
  ['    needs: [database]\n', '    needs: [database]\n    load: {path: /}\n', 'load'],
])('a plan that gives a service without HTTP what needs it is refused: %s → %s', (from, to, field) => {
  expect(errorsOf(from, to)).toEqual([
    [`components.mails.${field}`, 'plan.notAllowed', 'service.spec.onlyWithHttp'],
  ])
})

test('a measure that needs HTTP is refused with the plan', () => {
  expect(errorsOf('measure: unhealthy', 'measure: failedProbes')).toEqual([
    ['checks.mails.measure', 'plan.measureNeedsField', undefined],
  ])
})

test.each([
  [
    'health: {command: [/usr/local/bin/mail-queue, ping], timeoutSeconds: 5}',
    'health: {comand: [x]}',
    'plan.unknownKey',
  ],
  [
    'health: {command: [/usr/local/bin/mail-queue, ping], timeoutSeconds: 5}',
    'health: {port: 99999}',
    'plan.notAllowed',
  ],
  [
    'health: {command: [/usr/local/bin/mail-queue, ping], timeoutSeconds: 5}',
    'health: units',
    'plan.notOneOf',
  ],
])('a health that is none is refused where it stands: %s → %s', (from, to, problem) => {
  expect(errorsOf(from, to).map(([, key]) => key)).toContain(problem)
})
