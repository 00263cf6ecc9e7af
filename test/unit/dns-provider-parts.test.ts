import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/dns/index.ts'
import { matchEntries, relativeName } from '../../src/kinds/dns/providers/by-set.ts'
import { batchOf } from '../../src/kinds/dns/providers/cloudflare.ts'
import { apiCodes, codeOfStatus } from '../../src/kinds/dns/providers/http.ts'
import { providerOf } from '../../src/kinds/dns/providers/index.ts'
import { covers } from '../../src/kinds/dns/providers/ovh.ts'
import { ovhSignature } from '../../src/kinds/dns/providers/ovh-client.ts'
import { dnsSpec } from '../../src/kinds/dns/spec.ts'
import { component, plan, server, specWith } from '../helpers/dns-world.ts'

describe('OVH’s signature', () => {
  const of = (method: string, body: string) =>
    ovhSignature({
      applicationSecret: '9ufkBmLaTQ9nz5yMUlg79taH0GNnzDjk',
      consumerKey: '5mBuy6SUQcRw2ZUxg0cG68BoDKpED4KY',
      method,
      url: 'https://eu.api.ovh.com/1.0/auth',
      body,
      timestamp: 1457018875,
    })
  // As OVH's own client for Go signs the same requests in its tests.
  it.each([
    ['GET', '', '$1$e9556054b6309771395efa467c22e627407461ad'],
    ['POST', '{"a":"b","c":"d"}', '$1$ec2fb5c7a81f64723c77d2e5b609ae6f58a84fc1'],
    ['PUT', '{"a":"b","c":"d"}', '$1$8a75a9e7c8e7296c9dbeda6a2a735eb6bd58ec4b'],
    ['DELETE', '', '$1$a1eecd00b3b02b6cf5708b84b9ff42059a950d85'],
  ])('of a %s is what OVH’s own client makes', (method, body, signature) => {
    expect(of(method, body)).toBe(signature)
  })
})

describe('OVH’s access rules', () => {
  const put = { method: 'PUT', path: '/domain/zone/techcorp.test/record/1' }
  it.each([
    [{ method: 'PUT', path: '/*' }, true],
    [{ method: 'PUT', path: '/domain/zone/techcorp.test/*' }, true],
    [{ method: 'PUT', path: '/domain/zone/techcorp.test/record/*' }, true],
    [{ method: 'GET', path: '/*' }, false],
    [{ method: 'PUT', path: '/domain/zone/techcorp.test' }, false],
    [{ method: 'PUT', path: '/domain/zone/techcorpXtest/*' }, false],
    [{ method: 'PUT', path: '/domain/zone/other.test/*' }, false],
  ])('%j', (rule, isCovered) => {
    expect(covers(rule, put)).toBe(isCovered)
  })
})

describe('entries of one set', () => {
  const entries = (...values: string[]) => values.map((data, index) => ({ id: String(index), data }))
  it('keep the values that stay, so that no two ever say the same', () => {
    expect(matchEntries('A', entries('10.0.0.1', '10.0.0.2'), ['10.0.0.2', '10.0.0.3'])).toEqual({
      kept: [{ id: '1', data: '10.0.0.2' }],
      changed: [{ id: '0', data: '10.0.0.3' }],
      added: [],
      removed: [],
    })
  })

  it('grow, shrink, come and go', () => {
    expect(matchEntries('A', entries('a'), ['b', 'c'])).toMatchObject({
      changed: [{ id: '0', data: 'b' }],
      added: ['c'],
    })
    expect(matchEntries('A', entries('a', 'b'), ['c'])).toMatchObject({
      changed: [{ id: '0' }],
      removed: ['1'],
    })
    expect(matchEntries('A', [], ['a'])).toMatchObject({ added: ['a'] })
    expect(matchEntries('A', entries('a'), [])).toMatchObject({ removed: ['0'] })
  })
})

it('a name is written relative to its zone', () => {
  expect(relativeName('auth.techcorp.test', 'techcorp.test', '@')).toBe('auth')
  expect(relativeName('techcorp.test', 'techcorp.test', '@')).toBe('@')
  expect(relativeName('a.b.techcorp.test', 'techcorp.test', '')).toBe('a.b')
})

it('has a sentence and a remedy for all that an API may answer', () => {
  for (const code of apiCodes)
    for (const language of ['en', 'fr'] as const)
      for (const key of [`dns.update.${code}`, `dns.update.${code}.remedy`])
        expect(kind.messages[language]).toHaveProperty([key])
})

it('allows more time where records are changed one by one', () => {
  const secondsOf = (update: object) => {
    const context = { plan, mode: 'live' as const, facts: {} }
    const [move] = kind.plan(component({ update } as never), {}, context)
    return [move?.expectedSeconds, move?.deadlineSeconds]
  }
  expect(secondsOf({ server, tsig: { name: 'k', secret: 'env:K' } })).toEqual([2, 180])
  expect(
    secondsOf({
      provider: 'ovh',
      applicationKey: 'AK1',
      applicationSecret: 'env:AS',
      consumerKey: 'env:CK',
    }),
  ).toEqual([4, 186])
})

it('a status without a word is told by its number', () => {
  expect([401, 403, 404, 422, 429, 500, 503].map(codeOfStatus)).toEqual([
    'BADTOKEN',
    'FORBIDDEN',
    'NOZONE',
    'REJECTED',
    'LIMITED',
    'APIFAILED',
    'APIFAILED',
  ])
})

it('an MX at Cloudflare has its preference beside it, and no final dot', () => {
  const name = 'techcorp.test'
  const held = { name, type: 'MX', ttlSeconds: 300, data: [], raw: [] }
  const wanted = { name, type: 'MX', ttlSeconds: 300, data: ['10 mail.techcorp.test'] }
  expect(batchOf([{ held, wanted }])).toEqual({
    deletes: [],
    patches: [],
    posts: [{ name, type: 'MX', content: 'mail.techcorp.test', priority: 10, ttl: 300, proxied: false }],
  })
})

describe('what a plan says of a provider', () => {
  const issuesOf = (update: Record<string, unknown>) =>
    (dnsSpec.safeParse(specWith({ update } as never)).error?.issues ?? []).map(({ path }) => path.join('.'))

  it.each([
    [{ provider: 'powerdns', url: 'http://127.0.0.1:8081', apiKey: 'env:K' }],
    [{ provider: 'ovh', applicationKey: 'AK1', applicationSecret: 'env:AS', consumerKey: 'env:CK' }],
    [{ provider: 'gandi', token: 'env:T' }],
    [{ provider: 'cloudflare', token: 'file:/t' }],
  ])('%j is enough', update => {
    expect(issuesOf(update)).toEqual([])
  })

  it.each([
    ['a provider that is not known', { provider: 'elsewhere' }, 'update.provider'],
    ['a token as it is', { provider: 'gandi', token: 'pat_secret' }, 'update.token'],
    ['a field of another', { provider: 'gandi', token: 'env:T', tsig: {} }, 'update'],
    ['an URL with a final slash', { provider: 'powerdns', url: 'http://a/', apiKey: 'env:K' }, 'update.url'],
  ])('%s is refused', (_what, update, path) => {
    expect(issuesOf(update)).toEqual([path])
  })

  it.each([
    [
      { provider: 'ovh', applicationKey: 'AK1', applicationSecret: 'env:AS', consumerKey: 'env:CK' },
      'https://eu.api.ovh.com/1.0',
    ],
    [{ provider: 'gandi', token: 'env:T' }, 'https://api.gandi.net/v5'],
    [{ provider: 'cloudflare', token: 'env:T' }, 'https://api.cloudflare.com/client/v4'],
  ])('%j is asked where the provider says: %s', (update, server) => {
    const provider = providerOf(dnsSpec.parse(specWith({ update } as never)))
    expect(provider.names('techcorp.test').server).toBe(server)
    expect(provider.exposed).toBe(false)
  })
})
