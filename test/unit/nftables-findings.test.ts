import { describe, expect, it } from 'vitest'
import type { SeenGateway } from '../../src/kinds/nftables/facts.ts'
import { kind } from '../../src/kinds/nftables/index.ts'
import { isDeclared, isNeighbour } from '../../src/kinds/nftables/matrix/expected.ts'
import { portsOf, targetsOf } from '../../src/kinds/nftables/matrix/targets.ts'
import { vantagesOf } from '../../src/kinds/nftables/matrix/vantages.ts'
import { nftablesSpec } from '../../src/kinds/nftables/spec.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { RunMode } from '../../src/model/step.ts'
import { component, plan } from '../helpers/nftables-world.ts'

const sound: SeenGateway = {
  nft: 'nftables v1.0.6',
  bash: true,
  rulesetSha256: '0',
  rulesetBytes: 0,
  tables: [],
  droppingElsewhere: [],
  legacyTables: [],
  forwarding: true,
  bridgedIsFiltered: false,
  interfaces: ['wan', 'backup', 'lan', 'intersite', 'wg0'],
  addresses: [{ interface: 'wan', address: '10.80.4.12/24' }],
  bootService: '',
  bootFileSha256: '0',
  wayIn: { client: '10.80.4.99', own: '10.80.2.1', port: 22, interface: 'wan' },
  letsIn: true,
  notRestorable: '',
  takenBack: '',
  obstacles: [],
  passing: [],
}
const none = { count: 0, first: [] }
const ways: Record<string, Json> = {
  wronglyOpen: { source: none, target: none },
  wronglyClosed: { source: none, target: none },
  sitesDifferent: none,
  unseen: [],
  tried: 700,
}

function found(
  target: Partial<SeenGateway>,
  others: Record<string, Json> = {},
  mode: RunMode = 'live',
  changes: JsonObject = {},
) {
  const source = { ...sound, addresses: [] }
  const values = { ...ways, source, target: { ...sound, ...target }, ...others }
  const facts = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value: value as Json, unit: '', at: '' }]),
  )
  return kind.findings(component(changes), facts, { plan, mode, facts: {} })
}

describe('findings', () => {
  const open = { count: 1, first: ['internet (internet-stranger) → toulouse-files:5432'] }
  it.each<[string, Partial<SeenGateway>, Record<string, Json>, string[]]>([
    ['nothing amiss', {}, {}, ['ok as-declared']],
    ['no nft', { nft: '', bash: false }, {}, ['block missing', 'ok as-declared']],
    ['a lock-out', { letsIn: false }, {}, ['block locked-out', 'ok as-declared']],
    ['a way in nobody knows', { wayIn: null }, {}, ['warn way-in-unknown', 'ok as-declared']],
    [
      'rules that cannot be put back',
      { notRestorable: 'xt' },
      {},
      ['block not-restorable', 'ok as-declared'],
    ],
    [
      'another filter',
      { droppingElsewhere: [{ table: 'ip filter', chain: 'FORWARD', hook: 'forward' }] },
      {},
      ['warn other-filter', 'ok as-declared'],
    ],
    ['iptables-legacy', { legacyTables: ['filter'] }, {}, ['warn legacy', 'ok as-declared']],
    ['no forwarding', { forwarding: false }, {}, ['warn not-forwarding', 'ok as-declared']],
    ['bridges that filter', { bridgedIsFiltered: true }, {}, ['warn bridged-filtered', 'ok as-declared']],
    ['no rules at boot', { bootService: 'disabled' }, {}, ['warn not-at-boot', 'ok as-declared']],
    ['a load taken back', { takenBack: '2026-12-01T10:00:00Z' }, {}, ['warn taken-back', 'ok as-declared']],
    [
      'a public address nobody declared',
      { addresses: [{ interface: 'wan', address: '10.80.4.13/24' }] },
      {},
      ['warn address-unlisted', 'ok as-declared'],
    ],
    [
      'an inner address',
      { addresses: [{ interface: 'lan', address: '10.80.2.2/24' }] },
      {},
      ['ok as-declared'],
    ],
    [
      'an interface',
      { interfaces: ['wan', 'lan', 'intersite', 'wg0'] },
      {},
      ['warn interface-missing', 'ok as-declared'],
    ],
    [
      'a VLAN in the way of something',
      { obstacles: [{ vlan: 'office', key: 'portTaken', what: 'h70 (lan)' }] },
      {},
      ['block vlan-office', 'ok as-declared'],
    ],
    ['a VLAN that a restart loses', { passing: ['office'] }, {}, ['warn vlan-passing', 'ok as-declared']],
    ['a way too many', {}, { wronglyOpen: { source: none, target: open } }, ['block wrongly-open-target']],
    [
      'a way left out',
      {},
      { wronglyClosed: { source: open, target: none } },
      ['block wrongly-closed-source'],
    ],
    ['sites that differ', {}, { sitesDifferent: open }, ['block sites-differ']],
    ['a place nobody looks from', {}, { unseen: ['internet-tester/x: gone'] }, ['warn unseen']],
  ])('tell of %s, in both languages', (_what, target, others, expected) => {
    const all = found(target, others)
    expect(all.map(({ level, id }) => `${level} ${id.replace('firewall.', '')}`)).toEqual(expected)
    for (const { text, remedy, level } of all) {
      expect(remedy === undefined).toBe(level === 'ok')
      for (const key of [text.key, remedy?.key ?? text.key])
        for (const language of ['en', 'fr'] as const) expect(kind.messages[language]).toHaveProperty([key])
    }
  })

  it('name zone, host and port; before the preparation they block nothing', () => {
    const wrong = { wronglyOpen: { source: none, target: open }, sitesDifferent: open }
    expect(found({}, wrong).at(0)?.text.values?.ways).toBe(open.first[0])
    expect(found({}, wrong, 'preparation').map(({ level, id }) => `${level} ${id}`)).toEqual([
      'warn firewall.wrongly-open-target',
    ])
  })

  it('name a host of no zone', () => {
    const { office: _office, ...zones } = component().spec.zones as JsonObject
    const allow = [{ from: 'operations', to: ['gateway', 'servers'], tcp: [22] }]
    const lost = found({}, {}, 'live', { zones, allow }).find(({ id }) => id === 'firewall.host-in-no-zone')
    expect(lost?.text.values?.hosts).toBe('montpellier-office (10.80.11.70), toulouse-office (10.80.12.70)')
  })
})

describe('what is looked at', () => {
  const spec = nftablesSpec.parse(component().spec)
  const vantages = vantagesOf(spec, plan)
  const targets = targetsOf({ component: component(), spec, plan })
  const from = (name: string) => vantages.find(one => one.name === name) ?? fail(name)
  const to = (address: string) => targets.find(one => one.address === address) ?? fail(address)
  const fail = (what: string): never => {
    throw new Error(`no ${what}`)
  }
  const tcp = (port: number) => ({ protocol: 'tcp' as const, port })

  it('is every host and every declared address of a gateway, once, from every zone with a vantage', () => {
    expect(targets.map(({ role, address }) => `${role} ${address}`)).toEqual([
      'gateway.public 10.80.4.11',
      'gateway.lan 10.80.1.1',
      'files 10.80.1.20',
      'database 10.80.1.10',
      'office 10.80.11.70',
      'gateway.public 10.80.4.12',
      'gateway.public 10.80.5.12',
      'gateway.lan 10.80.2.1',
      'files 10.80.2.20',
      'database 10.80.2.10',
      'office 10.80.12.70',
    ])
    expect(vantages.map(({ name, zones }) => [name, zones])).toEqual([
      ['internet-stranger', { source: 'internet', target: 'internet' }],
      ['localhost', { source: 'operations', target: 'operations' }],
      ['montpellier-files', { source: 'servers' }],
      ['toulouse-files', { target: 'servers' }],
      ['montpellier-office', { source: 'office' }],
      ['toulouse-office', { target: 'office' }],
      ['internet-tester/bascule-source', { source: 'vpn' }],
      ['internet-tester/bascule-target', { target: 'vpn' }],
    ])
  })

  it('is every port that is allowed, those that should be closed, and the neighbours of a range', () => {
    const ports = portsOf(spec)
    expect(ports).toEqual(expect.arrayContaining([22, 80, 5432, 445, 59_999, 60_000, 60_050, 60_051]))
    expect(ports).not.toContain(60_025)
    expect(ports).toEqual([...new Set(ports)].sort((left, right) => left - right))
  })

  it.each([
    ['internet-stranger', '10.80.4.12', 80, true],
    ['internet-stranger', '10.80.4.12', 22, false],
    ['internet-stranger', '10.80.2.1', 80, false],
    ['internet-stranger', '10.80.2.20', 80, false],
    ['localhost', '10.80.12.70', 22, true],
    ['toulouse-office', '10.80.5.12', 80, true],
    ['toulouse-office', '10.80.2.1', 80, false],
    ['internet-tester/bascule-target', '10.80.2.1', 80, true],
    ['internet-tester/bascule-target', '10.80.4.12', 80, false],
    // Between the sites both gateways must let it through.
    ['montpellier-files', '10.80.2.10', 5432, true],
    ['montpellier-files', '10.80.2.10', 8080, false],
    ['montpellier-office', '10.80.2.10', 5432, false],
    ['internet-tester/bascule-source', '10.80.2.1', 80, false],
    ['toulouse-files', '10.80.1.1', 22, true],
  ])('%s → %s:%s is declared: %s', (vantage, address, port, expected) => {
    expect(isDeclared(spec, from(vantage), to(address), tcp(port))).toBe(expected)
  })

  it('leaves neighbours alone: what passes between them passes no gateway', () => {
    expect(isNeighbour(spec, from('toulouse-files'), to('10.80.2.10'))).toBe(true)
    expect(isNeighbour(spec, from('toulouse-files'), to('10.80.2.1'))).toBe(false)
    expect(isNeighbour(spec, from('toulouse-files'), to('10.80.1.10'))).toBe(false)
  })
})

describe('the plan', () => {
  it('changes the target in the preparation, and nothing in the night', () => {
    const steps = (mode: RunMode, changes: JsonObject = {}) =>
      kind
        .plan(component(changes), {}, { plan, mode, facts: {} })
        .map(({ name, stage, after }) => [name, stage, after])
    expect(steps('preparation')).toEqual([
      ['vlans', 'provision', []],
      ['load', 'provision', ['vlans']],
      ['persist', 'provision', ['load']],
      ['prove', 'prove', ['persist']],
    ])
    expect(steps('preparation', { vlans: [] }).at(0)).toEqual(['load', 'provision', []])
    for (const mode of ['rehearsal', 'live', 'close'] as const) expect(steps(mode)).toEqual([])
  })

  it('says all of it in both languages', () => {
    for (const step of kind.plan(component(), {}, { plan, mode: 'preparation', facts: {} })) {
      const byHand = step.undo.possible ? step.undo.byHand.key : step.undo.why.key
      for (const key of [step.title.key, byHand])
        for (const language of ['en', 'fr'] as const) expect(kind.messages[language]).toHaveProperty([key])
    }
  })
})
