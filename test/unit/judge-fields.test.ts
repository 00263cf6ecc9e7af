import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Kind } from '../../src/model/kind.ts'
import { judgePlan } from '../../src/plan/judge/judge.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import type { Edit } from '../helpers/paper-plan.ts'

const text = readFileSync(join(import.meta.dirname, '../../examples/techcorp/plan.yaml'), 'utf8')
let kinds: Record<string, Kind>
beforeAll(async () => {
  kinds = await loadKinds()
})

/** Path and sentence of what the kinds say of their fields in the example with pieces replaced everywhere. */
function remarksOf(...edits: Edit[]): string[] {
  const changed = edits.reduce((plan, [from, to]) => {
    if (!plan.includes(from)) throw new Error(`the plan does not hold ${from}`)
    return plan.replaceAll(from, () => to)
  }, text)
  const result = parsePlan([{ name: 'plan.yaml', text: changed }], kinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors, null, 1))
  return judgePlan(result, kinds)
    .filter(({ rule }) => rule === 'values.fields')
    .map(({ path, text: { key } }) => `${path.slice(1).join('.')} ${key}`)
}

const provider: Edit = [
  `    update:
      server: {address: 203.0.113.54, port: 5353}
      tsig: {name: bascule, algorithm: hmac-sha256, secret: "file:/etc/bascule/secrets/tsig"}
    lowTtlSeconds: 60`,
  `    update: {provider: gandi, token: "file:/etc/bascule/secrets/gandi"}
    lowTtlSeconds: 299`,
]

test('nothing in the example as it is', () => {
  expect(remarksOf()).toEqual([])
})

test('a TTL below the provider’s least, and one that is just that', () => {
  expect(remarksOf(provider)).toEqual(['names-internal.lowTtlSeconds dns.remark.lowTtl'])
  expect(remarksOf(provider, ['lowTtlSeconds: 299', 'lowTtlSeconds: 300'])).toEqual([])
})

test('a name without its final dot', () => {
  expect(remarksOf(['target: courses}', 'target: courses.techcorp.test}'])).toEqual([
    'names.records.6.target dns.remark.undotted',
  ])
  expect(remarksOf(['target: courses}', 'target: courses.techcorp.test.}'])).toEqual([])
  expect(remarksOf(['10 mail, target: 10 mail}', '10 mail, target: 10 mail.techcorp.test}'])).toEqual([
    'names.records.5.target dns.remark.undotted',
  ])
  expect(
    remarksOf(['source: courses.techcorp.test., target: []', 'source: courses.techcorp.test, target: []']),
  ).toEqual(['names-reverse.records.0.source dns.remark.undotted'])
  // a text may end like a name
  expect(
    remarksOf([
      'mx -all", target: "v=spf1 ip4:203.0.113.12 mx -all"',
      'mx -all", target: "by techcorp.test"',
    ]),
  ).toEqual([])
})

test('a private address in a zone that strangers read, and one in the view for the inside', () => {
  const inner: Edit = [
    'name: courses, type: A, source: 203.0.113.11, target: 203.0.113.12',
    'name: courses, type: A, source: 203.0.113.11, target: 10.2.0.12',
  ]
  expect(remarksOf(inner)).toEqual(['names.records.1.target dns.remark.innerAddress'])
  expect(remarksOf(inner, ['view: externe', 'view: autre'])).toEqual([])
  expect(remarksOf([inner[0], inner[0].replace('203.0.113.11', '172.32.0.1')])).toEqual([])
})

test('records that all stay what they are', () => {
  expect(
    remarksOf(
      ['type: PTR, source: courses.techcorp.test., target: []', 'type: PTR, source: a.b., target: a.b.'],
      ['type: PTR, source: [], target: courses.techcorp.test.', 'type: PTR, source: c.d., target: C.D.'],
    ),
  ).toEqual(['names-reverse.records dns.remark.nothingMoves'])
})

test('a maintenance page on the host of the service', () => {
  expect(
    remarksOf([
      'maintenance: {host: gateway, file: /etc/estate/maintenance/media}',
      'maintenance: {host: files, file: /etc/estate/maintenance/media}',
    ]),
  ).toEqual(['media.maintenance.host service.remark.ownPage'])
})
