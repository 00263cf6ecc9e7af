import { describe, expect, it } from 'vitest'
import { nftablesSpec } from '../../src/kinds/nftables/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { specWith } from '../helpers/nftables-world.ts'

describe('what a plan says of a firewall', () => {
  it('is made whole by safe defaults', () => {
    expect(nftablesSpec.parse(specWith({ revertSeconds: 12 }))).toMatchObject({
      replaces: 'own-table',
      revertSeconds: 12,
      file: '/etc/nftables.conf',
      probes: { waitSeconds: 2, tcp: [22, 23, 80, 443, 445, 3389, 5432, 8080] },
      vlans: [{ name: 'office', target: { bridge: 'office', filtering: false } }],
    })
  })

  const side = { interfaces: ['wan'] }
  const zones = specWith().zones as JsonObject
  const vlan = (changes: JsonObject) => ({
    vlans: [{ name: 'x', target: { bridge: 'br0', ports: ['p'], ...changes } }],
  })
  it.each<[string, JsonObject, string]>([
    ['a zone that is not there', { allow: [{ from: 'dmz', to: 'servers', tcp: [80] }] }, 'allow.0.from'],
    [
      'a destination that is not there',
      { allow: [{ from: 'office', to: 'gateway.wifi', tcp: [80] }] },
      'allow.0.to',
    ],
    [
      'the gateway as where packets come from',
      { allow: [{ from: 'gateway', to: 'office', tcp: [80] }] },
      'allow.0.from',
    ],
    ['an allowance of nothing', { allow: [{ from: 'office', to: 'servers' }] }, 'allow.0'],
    ['a port past the last', { allow: [{ from: 'office', to: 'servers', tcp: [65536] }] }, 'allow.0.tcp.0'],
    [
      'a range from high to low',
      { allow: [{ from: 'office', to: 'servers', tcp: ['9-8'] }] },
      'allow.0.tcp.0',
    ],
    [
      'a zone called gateway',
      { zones: { ...zones, gateway: { source: side, target: side } } },
      'zones.gateway',
    ],
    [
      'two zones nobody can tell apart',
      { zones: { ...zones, dmz: { source: side, target: side } } },
      'zones.dmz.source',
    ],
    [
      'a name that would be more than a name',
      { zones: { ...zones, 'x" {': { source: side, target: side } } },
      'zones.x" {',
    ],
    ['an interface that would be more than a name', vlan({ ports: ['a; reboot'] }), 'vlans.0.target.ports.0'],
    ['a VLAN id without filtering', vlan({ vlan: 12 }), 'vlans.0.target'],
    ['filtering without a VLAN id', vlan({ filtering: true }), 'vlans.0.target'],
    ['no time to prove it', { revertSeconds: 1 }, 'revertSeconds'],
  ])('refuses %s', (_what, changes, path) => {
    const issues = nftablesSpec.safeParse(specWith(changes)).error?.issues ?? []
    expect(issues.map(issue => issue.path.join('.'))).toContain(path)
  })
})
