import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/wireguard/index.ts'
import { fingerprintOf } from '../../src/kinds/wireguard/keys.ts'
import { wireguardSpec } from '../../src/kinds/wireguard/spec.ts'
import { readAnswer } from '../../src/kinds/wireguard/tester/ask.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { RoleLookup } from '../../src/model/roles.ts'
import type { RunMode } from '../../src/model/step.ts'

const host = (ssh: string) => ({ ssh, address: '192.0.2.1', become: 'runuser' as const })
const component = (changes: JsonObject = {}): Component => ({
  id: 'vpn',
  kind: 'wireguard',
  title: 'VPN',
  criticality: 'medium',
  owner: 'network',
  needs: [],
  spec: wireguardSpec.parse({
    manager: { runit: 'wireguard' },
    source: { host: 'gateway', endpoint: '203.0.113.11' },
    target: { host: 'gateway', endpoint: '203.0.113.12' },
    identity: 'same',
    privateKey: 'file:/secret',
    within: ['10.8.0.0/24'],
    profiles: { directory: '/root/profiles' },
    test: {
      outside: 'tester',
      address: '10.8.0.200/32',
      privateKey: 'file:/tester',
      source: { url: 'http://192.0.2.1/' },
      target: { url: 'http://198.51.100.1/' },
    },
    ...changes,
  }) as unknown as JsonObject,
})
const forwarder: RoleLookup = role =>
  role === 'forwards'
    ? ([{ component: 'old', value: [{ protocol: 'udp', port: 51_820, from: '203.0.113.11' }] }] as never)
    : []
const nobody: RoleLookup = () => []
const planWith = (own: Component) =>
  ({
    name: 'move',
    sites: {
      source: { id: 'a', title: 'A', hosts: { gateway: host('a-gateway') } },
      target: { id: 'b', title: 'B', hosts: { gateway: host('b-gateway') } },
    },
    outside: { tester: host('tester') },
    components: { [own.id]: own },
  }) as unknown as Plan

const identity = fingerprintOf('gateway')
const peer = (name: string, more: object = {}) => ({
  name,
  fingerprint: fingerprintOf(name),
  allowed: ['10.8.0.2/32'],
  preshared: false,
  endpoint: '203.0.113.77:40000',
  secondsSinceHandshake: 12,
  isRunning: true,
  ...more,
})
const well: Record<string, Json> = {
  'source.installed': true,
  'source.running': true,
  'source.interfaceUp': true,
  'source.port': 51_820,
  'source.identity': identity,
  'source.configSha256': 'f'.repeat(64),
  'source.configMode': '600',
  'source.peers': [],
  'source.runningOnly': [],
  'source.hooks': [],
  'source.savesItself': false,
  'target.installed': true,
  'target.configSha256': 'absent',
  'target.identity': null,
  'test.identity': fingerprintOf('tester'),
  'plan.identity': identity,
  'tester.missing': [],
}
function findingsOf(changes: Record<string, Json>, own = component(), roles = nobody) {
  const values = Object.entries({ ...well, ...changes })
  const facts: Facts = Object.fromEntries(values.map(([name, value]) => [name, { value, unit: '', at: '' }]))
  return kind.findings(own, facts, { plan: planWith(own), mode: 'preparation', facts: {}, roles })
}

describe('what is found at a VPN', () => {
  it.each<[Record<string, Json>, string, string]>([
    [{ 'source.configSha256': 'absent' }, 'source-config-missing', 'block'],
    [{ 'source.interfaceUp': false }, 'source-down', 'block'],
    [{ 'source.port': 1194 }, 'source-port', 'block'],
    [{ 'source.installed': false }, 'source-not-managed', 'block'],
    [{ 'source.runningOnly': ['0123456789abcdef'] }, 'peers-in-memory-only', 'block'],
    [{ 'plan.identity': '0123456789abcdef' }, 'other-key', 'block'],
    [{ 'source.configMode': '644' }, 'config-open', 'warn'],
    [{ 'source.hooks': ['postup', 'postup'] }, 'hooks', 'warn'],
    [{ 'source.savesItself': true }, 'saves-itself', 'block'],
    [{ 'target.installed': false }, 'target-missing', 'block'],
    [{ 'target.configSha256': 'e'.repeat(64) }, 'target-config', 'warn'],
    [{ 'tester.missing': ['curl'] }, 'tester-tools', 'block'],
  ])('%o: %s, %s', (changes, id, level) => {
    const found = findingsOf(changes).filter(one => one.level !== 'ok')
    expect(found.map(one => [one.id, one.level])).toEqual([[`vpn.${id}`, level]])
  })

  it('of all that is well, is who listens', () => {
    expect(findingsOf({}).map(({ id }) => id)).toEqual(['vpn.source-listens'])
    expect(findingsOf({ 'source.runningOnly': [fingerprintOf('tester')] })).toHaveLength(1)
    expect(findingsOf({ 'target.configSha256': 'e', 'target.identity': identity })).toHaveLength(1)
  })

  it('of clients, is how they will find the target, by name, and whether anyone passes them on', () => {
    const peers = ['anne', 'bob', 'carol', 'dora'].map(name => peer(name))
    const own = component({
      clients: {
        anne: { reaches: 'name' },
        [fingerprintOf('bob').slice(0, 8)]: { reaches: 'address' },
        carol: { reaches: 'name', resolvesAgain: true },
      },
    })
    const named = (roles: RoleLookup) =>
      findingsOf({ 'source.peers': peers }, own, roles)
        .slice(1)
        .map(({ id, text }) => [id, text.values?.peers])
    const shown = (name: string) => `${name} (${fingerprintOf(name).slice(0, 8)})`
    expect(named(nobody)).toEqual([
      ['vpn.clients-by-name', shown('anne')],
      ['vpn.clients-by-address', shown('bob')],
      ['vpn.clients-by-unknown', shown('dora')],
      ['vpn.clients-follow', shown('carol')],
    ])
    expect(named(forwarder).map(([id]) => id)).toEqual([
      'vpn.clients-by-name-covered',
      'vpn.clients-by-address-covered',
      'vpn.clients-by-unknown-covered',
      'vpn.clients-follow',
    ])
  })

  it('of peers, is a preshared key that nobody gave, and an address that the test would take away', () => {
    const peers = [peer('anne', { preshared: true, allowed: ['10.8.0.200/32'] })]
    const given = component({ clients: { anne: { reaches: 'name', presharedKey: 'file:/psk' } } })
    expect(findingsOf({ 'source.peers': peers }).map(({ id }) => id)).toContain('vpn.preshared-unknown')
    const found = findingsOf({ 'source.peers': peers }, given).map(({ id }) => id)
    expect(found).not.toContain('vpn.preshared-unknown')
    expect(found).toContain('vpn.test-address-taken')
  })

  it('and everything that is said has its sentence in both languages, with the same values', () => {
    const values = (text = '') => [...new Set(text.match(/\{\{\w+\}\}/g))].sort()
    expect(Object.keys(kind.messages.fr).sort()).toEqual(Object.keys(kind.messages.en).sort())
    for (const [key, sentence] of Object.entries(kind.messages.en))
      expect([key, values(kind.messages.fr[key])]).toEqual([key, values(sentence)])
    const changes = { 'source.peers': [peer('anne')], 'source.hooks': ['table'], 'tester.missing': ['wg'] }
    const all = [nobody, forwarder].flatMap(roles =>
      findingsOf(changes, component({ identity: 'new' }), roles),
    )
    for (const { text, remedy } of all)
      for (const said of [text, remedy].filter(one => one !== undefined)) {
        const wanted = values(kind.messages.en[said.key]).map(word => word.slice(2, -2))
        expect(kind.messages.en[said.key], said.key).toBeDefined()
        expect(Object.keys(said.values ?? {}), said.key).toEqual(expect.arrayContaining(wanted))
      }
  })
})

describe('the steps', () => {
  const steps = (mode: RunMode, own = component()) =>
    kind.plan(own, {}, { plan: planWith(own), mode, facts: {} })

  it.each<[RunMode, string[]]>([
    ['preparation', ['prepare-target', 'profiles', 'test-client']],
    ['rehearsal', ['try']],
    ['live', ['sync-peers', 'switch', 'prove']],
    ['close', ['retire', 'retire-source']],
  ])('of %s: %s', (mode, names) => {
    expect(steps(mode).map(({ name }) => name)).toEqual(names)
    for (const { action, undo, title } of steps(mode)) {
      expect(kind.actions[action]?.undo !== undefined, action).toBe(undo.possible)
      for (const { key, values = {} } of [title, undo.possible ? undo.byHand : undo.why]) {
        const sentence = kind.messages.en[key]
        expect(sentence, key).toBeDefined()
        for (const [, word] of sentence?.matchAll(/\{\{(\w+)\}\}/g) ?? [])
          expect(values, key).toHaveProperty(word ?? '')
      }
    }
  })

  it('write no profiles where the plan names no place for them', () => {
    const own = component({ profiles: undefined as never })
    expect(steps('preparation', own).map(({ name }) => name)).toEqual(['prepare-target', 'test-client'])
  })

  it('name a host that is missing', () => {
    const own = component({ source: { host: 'router', endpoint: '203.0.113.11' } })
    expect(() => steps('live', own)).toThrow(/wireguard.host.unknown.*gateway/)
  })
})

describe('an answer', () => {
  it('is read from the last of its heads', () => {
    const heads = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx-site: b\r\n\r\n'
    expect(readAnswer(heads, '', 'X-Site')).toEqual({ status: 200, site: 'b' })
    expect(readAnswer('', 'curl: (7) refused\n', 'X-Site')).toEqual({ silence: '(7) refused' })
  })
})
