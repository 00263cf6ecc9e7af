import { describe, expect, test } from 'vitest'
import { countsIn } from '../../src/kinds/forwarder/clients.ts'
import { matches } from '../../src/kinds/forwarder/facts.ts'
import { kind } from '../../src/kinds/forwarder/index.ts'
import { droppingChains, earlierRedirects, parseRuleset, placedIn } from '../../src/kinds/forwarder/kernel.ts'
import {
  bootScript,
  loadedSeconds,
  loadScript,
  ownPriority,
  removeScript,
  renderTable,
  stampIn,
  tableOf,
} from '../../src/kinds/forwarder/ruleset.ts'
import { forwarderSpec } from '../../src/kinds/forwarder/spec.ts'
import type { Component, Plan } from '../../src/model/plan.ts'

const web = { service: 'web', protocol: 'tcp', port: 80, from: '192.0.2.1', to: '198.51.100.1' }
const spec = forwarderSpec.parse({
  source: { host: 'gateway' },
  forward: [
    web,
    { ...web, service: 'vpn', protocol: 'udp', port: 51820 },
    { ...web, port: 443, toPort: 8443, from: '2001:db8::1', to: '2001:db8:1::1' },
  ],
  acceptIn: [
    { table: 'inet filter', chain: 'forward' },
    { table: 'ip6 own', chain: 'FORWARD' },
  ],
})
const table = tableOf('old-addresses')
const ruleset = (...entries: object[]) => parseRuleset(JSON.stringify({ nftables: entries }))
const forwardChain = (policy: string) => ({
  chain: {
    family: 'inet',
    table: 'filter',
    name: 'forward',
    hook: 'forward',
    type: 'filter',
    prio: 0,
    policy,
  },
})
const rule = (expr: object[], more: object = {}) => ({
  rule: { family: 'inet', table: 'filter', chain: 'forward', handle: 7, expr, ...more },
})
const dnatStatus = { match: { op: 'in', left: { ct: { key: 'status' } }, right: 'dnat' } }

describe('the rules', () => {
  test('are stamped by what they say', () => {
    const stamp = stampIn(renderTable('old-addresses', spec))
    expect(stamp).toMatch(/^bascule [0-9a-f]{16}$/)
    expect(stampIn(renderTable('old-addresses', spec))).toBe(stamp)
    expect(stampIn(renderTable('old-addresses', { ...spec, rememberDays: 7 }))).not.toBe(stamp)
    expect(stampIn('table inet x {\n\tcomment "somebody’s"\n}')).toBeUndefined()
  })

  test('go to the new address in its own family and to its own port', () => {
    const text = renderTable('old-addresses', spec)
    expect(text).toContain('ip daddr 192.0.2.1 tcp dport 80 counter dnat ip to 198.51.100.1:80 comment "web"')
    expect(text).toContain('ip6 daddr 2001:db8::1 tcp dport 443 counter dnat ip6 to [2001:db8:1::1]:8443')
    expect(text.match(/counter masquerade/g)).toHaveLength(3)
  })

  test('are accepted in chains of others, each where its family passes, and taken out by number', () => {
    const script = bootScript('old-addresses', spec)
    expect(script.match(/^insert rule inet filter forward /gm)).toHaveLength(3)
    expect(script.match(/^insert rule ip6 own FORWARD /gm)).toHaveLength(1)
    const kernel = ruleset(
      rule([{ accept: null }], { comment: 'bascule old-addresses web' }),
      rule([{ accept: null }], { comment: 'bascule old-addresses-2 web', handle: 8 }),
      rule([{ accept: null }], { comment: 'bascule old-addresses', handle: 9 }),
    )
    const placed = placedIn(kernel, 'old-addresses')
    expect(placed.map(({ handle }) => handle)).toEqual([7])
    expect(loadScript('old-addresses', spec, placed)).toMatch(/^delete rule inet filter forward handle 7\n/)
    expect(removeScript('old-addresses', true, placed)).toBe(
      `delete rule inet filter forward handle 7\ndelete table inet ${table}\n`,
    )
    expect(removeScript('old-addresses', false, [])).toBe('')
  })
})

describe('a gateway that would drop what is passed on', () => {
  const drop = { drop: null }
  const condition = { match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'wan' } }
  const dropping = [{ table: 'inet filter', chain: 'forward' }]
  test.each([
    ['by its policy', [forwardChain('drop')], dropping],
    [
      'by its last rule',
      [forwardChain('accept'), rule([{ counter: { packets: 1, bytes: 1 } }, drop])],
      dropping,
    ],
    ['not by a rule for something', [forwardChain('accept'), rule([condition, drop])], []],
    [
      'not when it lets pass what is redirected',
      [forwardChain('drop'), rule([dnatStatus, { accept: null }])],
      [],
    ],
    [
      'but when it does so for something only',
      [forwardChain('drop'), rule([condition, dnatStatus, { accept: null }])],
      dropping,
    ],
  ])('%s', (_, entries, expected) => {
    expect(droppingChains(ruleset(...entries))).toEqual(expected)
  })

  test('or redirect it before us', () => {
    const chain = (prio: number) => ({
      chain: { family: 'ip', table: 'nat', name: 'PREROUTING', hook: 'prerouting', type: 'nat', prio },
    })
    const redirect = {
      rule: {
        family: 'ip',
        table: 'nat',
        chain: 'PREROUTING',
        handle: 1,
        expr: [{ redirect: { port: 8080 } }],
      },
    }
    expect(earlierRedirects(ruleset(chain(-200), redirect), table, ownPriority)).toEqual([
      'ip nat PREROUTING',
    ])
    // the usual place: ours is before it
    expect(earlierRedirects(ruleset(chain(-100), redirect), table, ownPriority)).toEqual([])
  })
})

describe('who came', () => {
  const day = 86_400
  const element = (client: string, from: string, protocol: string, port: number, secondsAgo: number) => ({
    elem: {
      val: { concat: [client, from, protocol, port] },
      expires: 30 * day - secondsAgo,
      counter: { packets: 3, bytes: 180 },
    },
  })
  const kernel = ruleset(
    {
      set: {
        family: 'inet',
        table,
        name: 'loaded',
        elem: [{ elem: { val: 0, expires: loadedSeconds - 900 } }],
      },
    },
    {
      set: {
        family: 'inet',
        table,
        name: 'clients_ip',
        elem: [
          element('203.0.113.7', '192.0.2.1', 'tcp', 80, 600),
          element('203.0.113.7', '192.0.2.1', 'udp', 51820, 20),
          element('203.0.113.9', '192.0.2.1', 'tcp', 80, 5),
          element('203.0.113.9', '192.0.2.99', 'tcp', 80, 5),
        ],
      },
    },
    rule([{ counter: { packets: 12, bytes: 720 } }], { table, chain: 'pass_on', comment: 'web' }),
  )

  test('is told by service and client, the latest first', () => {
    const counts = countsIn(kernel, 'old-addresses', spec)
    expect(counts?.sinceSeconds).toBe(900)
    expect(counts?.clients.map(({ client, service, secondsAgo }) => [client, service, secondsAgo])).toEqual([
      ['203.0.113.9', 'web', 5],
      ['203.0.113.7', 'vpn', 20],
      ['203.0.113.7', 'web', 600],
    ])
    expect(counts?.services).toEqual({
      web: { connections: 12, clients: 2, secondsAgo: 5 },
      vpn: { connections: 0, clients: 1, secondsAgo: 20 },
    })
  })

  test('without those who only asked whether it works', () => {
    const counts = countsIn(kernel, 'old-addresses', spec, ['203.0.113.9'])
    expect(counts?.services.web).toMatchObject({ clients: 1, secondsAgo: 600 })
  })

  test('is not known where nothing is passed on', () => {
    expect(countsIn(ruleset(), 'old-addresses', spec)).toBeUndefined()
  })
})

test('a file is included at boot by its name or by a pattern for its directory alone', () => {
  const file = '/etc/nftables.d/bascule.nft'
  expect(matches('/etc/nftables.d/*.nft', file)).toBe(true)
  expect(matches(`${file}*`, file)).toBe(true)
  expect(matches('/etc/*.nft', file)).toBe(false)
  expect(matches('/etc/nftablesXd/*.nft', file)).toBe(false)
})

test('addresses of two families do not go together', () => {
  const wrong = { source: { host: 'gateway' }, forward: [{ ...web, to: '2001:db8::1' }] }
  expect(forwarderSpec.safeParse(wrong).error?.issues[0]?.message).toBe('forwarder.spec.family')
})

test('it is tried in a rehearsal, done in the night, and left as it is when the migration is closed', () => {
  const host = { gateway: { ssh: 'gateway', address: '192.0.2.1', become: 'runuser' } }
  const plan = { sites: { source: { hosts: host }, target: { hosts: host } } } as unknown as Plan
  const component = { id: 'old-addresses', spec } as unknown as Component
  const steps = (['preparation', 'rehearsal', 'live', 'close'] as const).map(mode =>
    kind.plan(component, {}, { plan, mode, facts: {} }).map(({ name, undo }) => [name, undo.possible]),
  )
  expect(steps).toEqual([[], [['dry-run', false]], [['forward', true]], []])
})
