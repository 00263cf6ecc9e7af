import { run } from '../../../shell.ts'

/** As `/nodes/N/network` lists them. */
export type NetworkInterface = {
  iface: string
  type: 'bridge' | 'eth' | 'vlan' | 'bond'
  active: 0 | 1
  autostart: 0 | 1
  exists: 0 | 1
  method: 'static' | 'manual'
  priority: number
  families: string[]
  address?: string
  netmask?: string
  cidr?: string
  bridge_ports?: string
  bridge_stp?: string
  bridge_fd?: string
}

type Link = {
  ifname: string
  operstate?: string
  flags?: string[]
  master?: string
  linkinfo?: { info_kind?: string }
  addr_info?: { family: string; local: string; prefixlen: number }[]
}

/** What this machine's network is made of, asked of the kernel: guests' taps are not part of it. */
export async function readInterfaces(): Promise<NetworkInterface[]> {
  const { stdout } = await run(['ip', '-json', '-details', 'address', 'show'])
  return describeInterfaces(JSON.parse(stdout) as Link[])
}

export function describeInterfaces(links: Link[]): NetworkInterface[] {
  const own = links.filter(({ ifname }) => ifname !== 'lo' && !/^(tap|fwbr|fwpr|fwln|veth)\d/.test(ifname))
  return own.map((link, index) => {
    const isBridge = link.linkinfo?.info_kind === 'bridge'
    const address = link.addr_info?.find(({ family }) => family === 'inet')
    const ports = own.filter(({ master }) => master === link.ifname).map(({ ifname }) => ifname)
    return {
      iface: link.ifname,
      type: isBridge ? 'bridge' : link.linkinfo?.info_kind === 'vlan' ? 'vlan' : 'eth',
      active: link.flags?.includes('UP') ? 1 : 0,
      autostart: 1,
      exists: 1,
      method: address ? 'static' : 'manual',
      priority: index + 3,
      families: ['inet'],
      ...(address
        ? {
            address: address.local,
            netmask: String(address.prefixlen),
            cidr: `${address.local}/${address.prefixlen}`,
          }
        : {}),
      ...(isBridge ? { bridge_ports: ports.join(' '), bridge_stp: 'off', bridge_fd: '0' } : {}),
    }
  })
}
