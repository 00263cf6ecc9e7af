import { describe, expect, it } from 'vitest'
import { foundOf, isNothing, making, obstacles, unmaking } from '../../src/kinds/nftables/vlan/bridge.ts'
import { parseLinks, parseVlans, type SeenLink } from '../../src/kinds/nftables/vlan/seen.ts'

const link = (name: string, changes: Partial<SeenLink> = {}): SeenLink => ({
  name,
  sort: '',
  master: null,
  isUp: false,
  filtering: false,
  addresses: [],
  ...changes,
})
const plain = {
  bridge: 'office',
  ports: ['h70'],
  address: '10.80.12.1/24',
  filtering: false,
  vlan: undefined,
}
const tagged = { bridge: 'trunk', ports: ['p1', 'p2'], address: '10.80.12.1/24', filtering: true, vlan: 12 }

describe('a VLAN that is a bridge of its own', () => {
  it('is made from nothing, and taken away again', () => {
    const before = [link('h70')]
    expect(making(plain, before, {})).toEqual({
      ip: [
        'link add office type bridge',
        'link set h70 master office',
        'link set h70 up',
        'link set office up',
      ],
      bridge: [],
      ipAfter: ['address add 10.80.12.1/24 dev office'],
    })
    const after = [
      link('h70', { master: 'office', isUp: true }),
      link('office', { sort: 'bridge', isUp: true, addresses: ['10.80.12.1/24'] }),
    ]
    expect(isNothing(making(plain, after, {}))).toBe(true)
    expect(unmaking(plain, foundOf(plain, before, {}), after, {})).toEqual({
      ip: ['address del 10.80.12.1/24 dev office'],
      bridge: [],
      ipAfter: ['link set h70 nomaster', 'link set h70 down', 'link del office'],
    })
    expect(isNothing(unmaking(plain, foundOf(plain, before, {}), before, {}))).toBe(true)
  })

  it('that was there stays when its undo comes, with what it had', () => {
    const before = [
      link('h70', { master: 'office', isUp: true }),
      link('office', { sort: 'bridge', isUp: true }),
    ]
    expect(making(plain, before, {})).toMatchObject({
      ip: [],
      ipAfter: ['address add 10.80.12.1/24 dev office'],
    })
    const after = [
      before[0] as SeenLink,
      link('office', { sort: 'bridge', isUp: true, addresses: ['10.80.12.1/24'] }),
    ]
    expect(unmaking(plain, foundOf(plain, before, {}), after, {})).toEqual({
      ip: ['address del 10.80.12.1/24 dev office'],
      bridge: [],
      ipAfter: [],
    })
  })
})

// On paper only: no kernel this runs on has VLAN filtering.
describe('a VLAN on a bridge that filters', () => {
  const before = [link('p1', { isUp: true }), link('p2', { isUp: true })]
  const after = [
    ...before.map(port => ({ ...port, master: 'trunk' })),
    link('trunk', { sort: 'bridge', isUp: true, filtering: true }),
    link('trunk.12', { sort: 'vlan', isUp: true, addresses: ['10.80.12.1/24'] }),
  ]
  const ids = { p1: [12], p2: [12], trunk: [12] }

  it('is made with its id at every port, and at the bridge itself', () => {
    expect(making(tagged, before, {})).toEqual({
      ip: [
        'link add trunk type bridge vlan_filtering 1 vlan_default_pvid 0',
        'link set p1 master trunk',
        'link set p2 master trunk',
        'link set trunk up',
      ],
      bridge: [
        'vlan add dev p1 vid 12 pvid untagged',
        'vlan add dev p2 vid 12 pvid untagged',
        'vlan add dev trunk vid 12 self',
      ],
      ipAfter: [
        'link add link trunk name trunk.12 type vlan id 12',
        'link set trunk.12 up',
        'address add 10.80.12.1/24 dev trunk.12',
      ],
    })
    expect(isNothing(making(tagged, after, ids))).toBe(true)
  })

  it('leaves a trunk of others as it was', () => {
    const shared = [
      link('p1', { isUp: true, master: 'trunk' }),
      link('p2', { isUp: true, master: 'trunk' }),
      link('trunk', { sort: 'bridge', isUp: true, filtering: true }),
    ]
    const found = foundOf(tagged, shared, { p1: [7], p2: [7], trunk: [7] })
    expect(unmaking(tagged, found, after, { p1: [7, 12], p2: [7, 12], trunk: [7, 12] })).toEqual({
      ip: ['address del 10.80.12.1/24 dev trunk.12', 'link del trunk.12'],
      bridge: ['vlan del dev p1 vid 12', 'vlan del dev p2 vid 12', 'vlan del dev trunk vid 12 self'],
      ipAfter: [],
    })
  })
})

describe('what stands in the way', () => {
  it.each([
    ['a port that is not there', plain, [], [['portMissing', 'h70']]],
    ['a port of another bridge', plain, [link('h70', { master: 'lan' })], [['portTaken', 'h70 (lan)']]],
    ['a card of that name', plain, [link('h70'), link('office')], [['notABridge', 'office']]],
    [
      'a bridge that does not filter',
      tagged,
      [link('p1'), link('p2'), link('trunk', { sort: 'bridge' })],
      [['notFiltering', 'trunk']],
    ],
    ['nothing', plain, [link('h70'), link('office', { sort: 'bridge' })], []],
  ])('%s', (_what, wanted, links, expected) => {
    expect(obstacles(wanted, links)).toEqual(expected)
  })
})

it('is read from what ip and bridge tell', () => {
  const told = [
    {
      ifname: 'office',
      flags: ['BROADCAST', 'UP'],
      linkinfo: { info_kind: 'bridge', info_data: { vlan_filtering: 1 } },
      addr_info: [
        { local: '10.80.12.1', prefixlen: 24, scope: 'global' },
        { local: 'fe80::1', prefixlen: 64, scope: 'link' },
      ],
    },
    { ifname: 'h70', master: 'office', flags: ['BROADCAST'], linkinfo: { info_kind: 'veth' }, addr_info: [] },
    {},
  ]
  expect(parseLinks(JSON.stringify(told))).toEqual([
    link('office', { sort: 'bridge', isUp: true, filtering: true, addresses: ['10.80.12.1/24'] }),
    link('h70', { sort: 'veth', master: 'office' }),
  ])
  const vlans = [
    {
      ifname: 'p1',
      vlans: [
        { vlan: 1, flags: ['PVID'] },
        { vlan: 10, vlanEnd: 12 },
      ],
    },
    { ifname: 'p2' },
  ]
  expect(parseVlans(JSON.stringify(vlans))).toEqual({ p1: [1, 10, 11, 12], p2: [] })
})
