import { expect, it } from 'vitest'
import { describeInterfaces } from '../../lab/hypervisor/api/routes/interfaces.ts'

it('a node’s network: its bridges with their ports, its own address, no guest’s tap', () => {
  const up = ['UP']
  const listed = describeInterfaces([
    { ifname: 'lo', flags: up },
    { ifname: 'eth0', flags: up, master: 'vmbr0' },
    { ifname: 'tap101i0', flags: up, master: 'vmbr0' },
    {
      ifname: 'vmbr0',
      flags: up,
      linkinfo: { info_kind: 'bridge' },
      addr_info: [{ family: 'inet', local: '10.80.1.60', prefixlen: 24 }],
    },
    { ifname: 'vmbr9', linkinfo: { info_kind: 'bridge' } },
  ])
  expect(listed).toMatchObject([
    { iface: 'eth0', type: 'eth', method: 'manual' },
    { iface: 'vmbr0', type: 'bridge', active: 1, cidr: '10.80.1.60/24', bridge_ports: 'eth0' },
    { iface: 'vmbr9', type: 'bridge', active: 0, method: 'manual', bridge_ports: '' },
  ])
})
