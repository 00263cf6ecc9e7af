import { describe, expect, it } from 'vitest'
import type { SeenRecord } from '../../src/kinds/dns/facts.ts'
import { kind } from '../../src/kinds/dns/index.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { Json } from '../../src/model/json.ts'
import type { RunMode } from '../../src/model/step.ts'
import { component, plan } from '../helpers/dns-world.ts'

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
    ['nothing amiss', {}, [['names.records-agree', 'ok']]],
    [
      'a secondary that lags',
      { servers: two(6), records: [auth, www, { ...auth, server: secondary, data: ['10.9.9.9'] }] },
      [
        ['names.secondary-behind', 'block'],
        ['names.records-agree', 'ok'],
      ],
    ],
    [
      'a secondary that will not follow',
      { servers: two(8) },
      [
        ['names.secondary-ahead', 'block'],
        ['names.records-agree', 'ok'],
      ],
    ],
    [
      'a secondary that lags across the end of the numbers',
      { servers: two(4294967290) },
      [
        ['names.secondary-behind', 'block'],
        ['names.records-agree', 'ok'],
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
        ['names.zone-missing', 'block'],
        ['names.records-agree', 'ok'],
      ],
    ],
    [
      'an address that stays behind',
      { otherAddresses: [{ record: 'auth.techcorp.test AAAA', data: ['2001:db8::11'] }] },
      [
        ['names.records-agree', 'ok'],
        ['names.address-unplanned', 'warn'],
      ],
    ],
    [
      'a resolver that keeps what it has',
      { ttlByRecord: { [auth.record]: 60 }, resolvers: [{ ...resolver, ttlSeconds: 86_000 }] },
      [
        ['names.records-agree', 'ok'],
        ['names.resolver-keeps-longer', 'warn'],
      ],
    ],
    ['a record', { records: [said(auth.record, ['10.9.9.9']), www] }, [['names.record-differs', 'block']]],
    [
      'a record, seen by the tried update too',
      { records: [said(auth.record, []), www], update: { code: 'NXRRSET', detail: '' } },
      [['names.record-differs', 'block']],
    ],
    [
      'the primary alone',
      { update: { code: 'NXRRSET', detail: '' } },
      [
        ['names.records-agree', 'ok'],
        ['names.update-refused', 'block'],
      ],
    ],
    [
      'a resolver in place of a server',
      { records: [{ ...auth, authoritative: false }, www] },
      [['names.not-authoritative', 'block']],
    ],
    [
      'the TTL',
      { ttlSeconds: 3600 },
      [
        ['names.records-agree', 'ok'],
        ['names.ttl-high', 'block'],
      ],
    ],
    [
      'the key',
      { update: { code: 'BADKEY', detail: '' } },
      [
        ['names.records-agree', 'ok'],
        ['names.update-refused', 'block'],
      ],
    ],
    [
      'another code',
      { update: { code: 'YXDOMAIN', detail: 'x' } },
      [
        ['names.records-agree', 'ok'],
        ['names.update-refused', 'block'],
      ],
    ],
    [
      'a server that the plan leaves out',
      { nameServers: [{ name: 'ns2.techcorp.test', addresses: ['10.80.4.55'] }] },
      [
        ['names.records-agree', 'ok'],
        ['names.server-unlisted', 'warn'],
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
        ['names.records-agree', 'ok'],
        ['names.resolver-silent', 'warn'],
        ['names.resolver-differs', 'warn'],
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
    expect(findingsOf({ ttlSeconds: 3600 }, 'preparation')).toContainEqual(
      expect.objectContaining({ id: 'names.ttl-high', level: 'warn' }),
    )
  })
})
