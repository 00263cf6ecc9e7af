import type { Nic } from '../config/properties.ts'

export const tapName = (vmid: number, nic: Pick<Nic, 'key'>): string => `tap${vmid}i${nic.key.slice(3)}`

export type BridgePort = { vmid: number; nic: Nic; bridge: string; uplinks: readonly string[] }

/** The machine's end of its cable, plugged into the bridge; with a VLAN, untagged on its port and tagged on the uplinks. */
export function plugTap({ vmid, nic, bridge, uplinks }: BridgePort): string[][] {
  const tap = tapName(vmid, nic)
  const tag = nic.options.tag
  const vlan =
    tag === undefined
      ? []
      : [
          ['ip', 'link', 'set', bridge, 'type', 'bridge', 'vlan_filtering', '1'],
          ['bridge', 'vlan', 'delete', 'dev', tap, 'vid', '1'],
          ['bridge', 'vlan', 'add', 'dev', tap, 'vid', tag, 'pvid', 'untagged'],
          ...uplinks.map(uplink => ['bridge', 'vlan', 'add', 'dev', uplink, 'vid', tag]),
        ]
  return [
    ['ip', 'tuntap', 'add', 'dev', tap, 'mode', 'tap'],
    ['ip', 'link', 'set', 'dev', tap, 'master', bridge],
    ...vlan,
    ['ip', 'link', 'set', 'dev', tap, nic.options.link_down === '1' ? 'down' : 'up'],
  ]
}

export const removeTap = (tap: string): string[] => ['ip', 'link', 'delete', 'dev', tap]
