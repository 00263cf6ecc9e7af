import { describe, expect, it } from 'vitest'
import type { SeenRecord } from '../../src/adapters/dns/audit.ts'
import { kind } from '../../src/adapters/dns/index.ts'
import { recordsOf, zoneTitle } from '../../src/adapters/dns/records.ts'
import { dnsSpec } from '../../src/adapters/dns/spec.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { RunMode } from '../../src/model/step.ts'
import { component, plan, specWith } from './dns-world.ts'

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

describe('findings', () => {
  const said = (record: string, data: string[], changes: Partial<SeenRecord> = {}): SeenRecord => ({
    server: '10.80.4.54:53',
    record,
    code: 'NOERROR',
    authoritative: true,
    ttlSeconds: 60,
    data,
    ...changes,
  })
  const auth = said('auth.techcorp.test A', ['10.80.4.11'])
  const www = said('www.techcorp.test CNAME', ['auth.techcorp.test'])
  const primary = { server: '10.80.4.54:53', serial: 7, silence: null, code: 'NOERROR' }
  const sound: Record<string, Json> = {
    servers: [primary],
    primary,
    records: [auth, www],
    ttlSeconds: 60,
    resolvers: [],
    nameServers: [{ name: 'ns.techcorp.test', addresses: ['10.80.4.54'] }],
    update: { code: 'NOERROR', detail: '' },
  }
  const findingsOf = (changes: Record<string, Json>, mode: RunMode = 'live') => {
    const entries = Object.entries({ ...sound, ...changes }).map(([name, value]) => [
      name,
      { value, unit: '', at: '' },
    ])
    const facts: Facts = Object.fromEntries(entries)
    return kind.findings(component(), facts, { plan, mode, facts: {} })
  }
  const secondary = '10.80.4.55:53'
  const two = (serial: number | null, code = 'NOERROR') => [
    primary,
    { server: secondary, serial, silence: null, code },
  ]
  const resolver = {
    server: '10.80.4.53:53',
    record: auth.record,
    data: auth.data,
    ttlSeconds: 60,
    silence: null,
  }

  it.each<[string, Record<string, Json>, [string, string][]]>([
    ['nothing amiss', {}, [['records-agree', 'ok']]],
    [
      'a secondary that lags',
      { servers: two(6), records: [auth, www, { ...auth, server: secondary, data: ['10.9.9.9'] }] },
      [
        ['secondary-behind', 'block'],
        ['records-agree', 'ok'],
      ],
    ],
    [
      'a secondary that will not follow',
      { servers: two(8) },
      [
        ['secondary-ahead', 'block'],
        ['records-agree', 'ok'],
      ],
    ],
    [
      'a secondary that lags across the end of the numbers',
      { servers: two(4294967290) },
      [
        ['secondary-behind', 'block'],
        ['records-agree', 'ok'],
      ],
    ],
    [
      'a secondary that did not take the zone',
      {
        servers: two(null, 'SERVFAIL'),
        records: [
          auth,
          www,
          { ...auth, server: secondary, authoritative: false, code: 'SERVFAIL', data: [] },
        ],
      },
      [
        ['zone-missing', 'block'],
        ['records-agree', 'ok'],
      ],
    ],
    [
      'an address that stays behind',
      { otherAddresses: [{ record: 'auth.techcorp.test AAAA', data: ['2001:db8::11'] }] },
      [
        ['records-agree', 'ok'],
        ['address-unplanned', 'warn'],
      ],
    ],
    [
      'a resolver that keeps what it has',
      { ttlByRecord: { [auth.record]: 60 }, resolvers: [{ ...resolver, ttlSeconds: 86_000 }] },
      [
        ['records-agree', 'ok'],
        ['resolver-keeps-longer', 'warn'],
      ],
    ],
    ['a record', { records: [said(auth.record, ['10.9.9.9']), www] }, [['record-differs', 'block']]],
    [
      'a record, seen by the tried update too',
      { records: [said(auth.record, []), www], update: { code: 'NXRRSET', detail: '' } },
      [['record-differs', 'block']],
    ],
    [
      'the primary alone',
      { update: { code: 'NXRRSET', detail: '' } },
      [
        ['records-agree', 'ok'],
        ['update-refused', 'block'],
      ],
    ],
    [
      'a resolver in place of a server',
      { records: [{ ...auth, authoritative: false }, www] },
      [['not-authoritative', 'block']],
    ],
    [
      'the TTL',
      { ttlSeconds: 3600 },
      [
        ['records-agree', 'ok'],
        ['ttl-high', 'block'],
      ],
    ],
    [
      'the key',
      { update: { code: 'BADKEY', detail: '' } },
      [
        ['records-agree', 'ok'],
        ['update-refused', 'block'],
      ],
    ],
    [
      'another code',
      { update: { code: 'YXDOMAIN', detail: 'x' } },
      [
        ['records-agree', 'ok'],
        ['update-refused', 'block'],
      ],
    ],
    [
      'a server that the plan leaves out',
      { nameServers: [{ name: 'ns2.techcorp.test', addresses: ['10.80.4.55'] }] },
      [
        ['records-agree', 'ok'],
        ['server-unlisted', 'warn'],
      ],
    ],
    [
      'resolvers',
      {
        resolvers: [
          { ...resolver, data: [], silence: 'no answer' },
          { ...resolver, server: '10.80.4.52:53', data: ['10.9.9.9'] },
        ],
      },
      [
        ['records-agree', 'ok'],
        ['resolver-silent', 'warn'],
        ['resolver-differs', 'warn'],
      ],
    ],
  ])('tell of %s', (_what, changes, expected) => {
    const found = findingsOf(changes)
    expect(found.map(({ id, level }) => [id, level])).toEqual(expected)
    for (const { text, remedy, level } of found) {
      expect(remedy === undefined).toBe(level === 'ok')
      for (const key of [text.key, remedy?.key ?? text.key])
        for (const language of ['en', 'fr'] as const) expect(kind.messages[language]).toHaveProperty([key])
    }
  })

  it('let a high TTL pass while there is time to lower it', () => {
    expect(findingsOf({ ttlSeconds: 3600 }, 'prepare')).toContainEqual(
      expect.objectContaining({ id: 'ttl-high', level: 'warn' }),
    )
  })
})

it('says the same in both languages', () => {
  const { en, fr } = kind.messages
  expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
  const values = (text = '') => [...new Set(text.match(/\{\{\w+\}\}/g))].sort()
  for (const [key, sentence] of Object.entries(en))
    expect([key, values(fr[key])]).toEqual([key, values(sentence)])
})
