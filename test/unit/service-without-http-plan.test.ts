import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { compile } from '../../src/runbook/compile.ts'

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
    'publicUrl',
    '    target: {host: shop}\n',
    '    target: {host: shop}\n    publicUrl: "https://mails.example.org"\n',
  ],
  ['source.url', 'source: {host: shop}', 'source: {host: shop, url: "http://192.0.2.11:25"}'],
  ['load', '    needs: [database]\n', '    needs: [database]\n    load: {path: /}\n'],
])('a plan that gives a service without HTTP what needs it is refused: %s', (field, from, to) => {
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

test('it is down before the database is fenced, and up after it was promoted; its step by hand asks nothing of HTTP', () => {
  const result = parsePlan(
    [
      { name: 'plan.yaml', text: whole },
      { name: 'worker.yaml', text: worker },
    ],
    kinds,
  )
  if ('errors' in result) throw new Error('the plan of the page is right')
  const { steps } = compile({ plan: result.plan, kinds, mode: 'live', facts: {} })
  const at = (id: string) => steps.findIndex(step => step.id === id)
  const fenced = steps.findIndex(({ component, stage }) => component === 'database' && stage === 'fence')
  const promoted = steps.findLastIndex(
    ({ component, stage }) => component === 'database' && stage === 'start',
  )
  expect(at('mails.note-units')).toBeGreaterThanOrEqual(0)
  expect(at('mails.stop')).toBeGreaterThan(at('mails.note-units'))
  expect(fenced).toBeGreaterThan(at('mails.stop'))
  expect(at('mails.start')).toBeGreaterThan(Math.max(fenced, promoted))
  const { undo } = steps[at('mails.stop')] ?? {}
  expect(undo).toMatchObject({
    byHand: {
      values: {
        commands:
          'rm -f -- /etc/systemd/system/shop-mails.timer.d/zz-blocked-by-bascule.conf && systemctl daemon-reload && ' +
          'rm -f -- /etc/systemd/system/shop-mails.service.d/zz-blocked-by-bascule.conf && systemctl daemon-reload && ' +
          'systemctl enable --quiet -- shop-mails.service && systemctl start --no-block -- shop-mails.service',
        others: 'shop-mails.timer',
        question: '/usr/local/bin/mail-queue ping',
      },
    },
  })
})
