import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/dns/index.ts'
import { dnsSpec, recordsOf, zoneTitle } from '../../src/kinds/dns/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { specWith } from '../helpers/dns-world.ts'

describe('what a plan says of names', () => {
  it('is made whole by defaults', () => {
    expect(dnsSpec.parse(specWith({ servers: [{ address: '10.80.4.54' }] }))).toMatchObject({
      servers: [{ address: '10.80.4.54', port: 53 }],
      resolvers: [],
      propagationSeconds: 60,
      update: { provider: 'rfc2136', tsig: { algorithm: 'hmac-sha256' } },
    })
    expect(recordsOf(dnsSpec.parse(specWith()))).toEqual([
      {
        key: 'auth.techcorp.test A',
        name: 'auth.techcorp.test',
        type: 'A',
        source: ['10.80.4.11'],
        target: ['10.80.4.12'],
      },
      {
        key: 'www.techcorp.test CNAME',
        name: 'www.techcorp.test',
        type: 'CNAME',
        source: ['auth.techcorp.test'],
        target: ['other.example'],
      },
    ])
  })

  it('takes records that come or go, mail, texts and reverse zones', () => {
    const spec = dnsSpec.parse(
      specWith({
        zone: '4.80.10.in-addr.arpa',
        view: 'internal',
        records: [
          { name: '11', type: 'PTR', source: 'mail.techcorp.test.', target: [] },
          { name: '@', type: 'MX', source: ['010 Mail', '20 mail.example.'], target: '0 .' },
          { name: '@', type: 'TXT', source: 'v=spf1 -all', target: ['"one" "two"', 'é\n"'] },
        ],
      }),
    )
    expect(zoneTitle(spec)).toBe('4.80.10.in-addr.arpa (internal)')
    expect(recordsOf(spec).map(({ source, target }) => [source, target])).toEqual([
      [['mail.techcorp.test'], []],
      [['10 mail.4.80.10.in-addr.arpa', '20 mail.example'], ['0 .']],
      [['"v=spf1 -all"'], ['"one" "two"', '"\\195\\169\\010\\""']],
    ])
  })

  const record = (changes: JsonObject) => ({
    records: [{ name: 'auth', type: 'A', source: '10.0.0.1', target: '10.0.0.2', ...changes }],
  })
  const tsig = (changes: JsonObject) => ({
    update: { server: { address: '10.0.0.1' }, tsig: { name: 'k', secret: 'env:KEY', ...changes } },
  })
  it.each([
    ['an A record with an IPv6 address', record({ target: '2001:db8::1' }), 'records.0.target'],
    ['an AAAA record with an IPv4 address', record({ type: 'AAAA' }), 'records.0.source'],
    [
      'a CNAME with two names',
      record({ type: 'CNAME', source: ['a', 'b'], target: 'c' }),
      'records.0.source',
    ],
    ['a type it cannot move', record({ type: 'SRV' }), 'records.0.type'],
    ['an MX without its preference', record({ type: 'MX', source: 'mail' }), 'records.0.source'],
    [
      'an MX that would be another line for nsupdate',
      record({ type: 'MX', source: '10\nsend' }),
      'records.0.source',
    ],
    [
      'a string of a TXT that fits no record',
      record({ type: 'TXT', source: `"${'x'.repeat(256)}"` }),
      'records.0.source',
    ],
    ['a PTR outside of a reverse zone', record({ type: 'PTR', source: 'a', target: 'b' }), 'records.0.type'],
    ['a name of another zone', record({ name: 'auth.example.' }), 'records.0.name'],
    ['a record that is nowhere', record({ source: [], target: [] }), 'records.0.source'],
    [
      'a record twice',
      { records: [...record({}).records, ...record({ name: 'AUTH' }).records] },
      'records.1.name',
    ],
    ['a name that would be another line for nsupdate', record({ name: 'a\nsend' }), 'records.0.name'],
    ['a server by name', { servers: [{ address: 'ns1.example' }] }, 'servers.0.address'],
    ['no record', { records: [] }, 'records'],
    ['a secret as it is', tsig({ secret: 'c2VjcmV0' }), 'update.tsig.secret'],
    ['a key name with a blank', tsig({ name: 'k x' }), 'update.tsig.name'],
  ])('refuses %s', (_what, changes, path) => {
    const issues = dnsSpec.safeParse(specWith(changes)).error?.issues ?? []
    expect(issues.map(issue => issue.path.join('.'))).toContain(path)
  })
})

it('says the same in both languages', () => {
  const { en, fr } = kind.messages
  expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
  const values = (text = '') => [...new Set(text.match(/\{\{\w+\}\}/g))].sort()
  for (const [key, sentence] of Object.entries(en))
    expect([key, values(fr[key])]).toEqual([key, values(sentence)])
})
