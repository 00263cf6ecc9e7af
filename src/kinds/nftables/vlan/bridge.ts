import type { VlanSpec } from '../spec.ts'
import type { SeenLink, SeenVlans } from './seen.ts'

type Wanted = VlanSpec['target']
/** Lines for `ip -batch` and `bridge -batch`, in this order. */
export type Changes = { ip: string[]; bridge: string[]; ipAfter: string[] }
/** What the making of a VLAN found, so that its undo takes away no more than was made. */
export type Found = {
  bridge: { isThere: boolean; isUp: boolean }
  ports: { name: string; master: string | null; isUp: boolean; hadId: boolean }[]
  /** Of the interface that bears the gateway's address: the bridge, or `<bridge>.<id>` with filtering. */
  inner: { isThere: boolean; hadAddress: boolean }
}

/** The interface by which the gateway itself is in the VLAN. */
export const innerOf = ({ bridge, filtering, vlan }: Wanted): string =>
  filtering ? `${bridge}.${vlan}` : bridge

const find = (links: readonly SeenLink[], name: string) => links.find(link => link.name === name)

export function foundOf(wanted: Wanted, links: readonly SeenLink[], vlans: SeenVlans): Found {
  const bridge = find(links, wanted.bridge)
  const inner = find(links, innerOf(wanted))
  return {
    bridge: { isThere: bridge !== undefined, isUp: bridge?.isUp ?? false },
    ports: wanted.ports.map(name => {
      const { master = null, isUp = false } = find(links, name) ?? {}
      return { name, master, isUp, hadId: holdsId(wanted, vlans, name) }
    }),
    inner: {
      isThere: inner !== undefined,
      hadAddress: wanted.address === undefined || (inner?.addresses.includes(wanted.address) ?? false),
    },
  }
}

const holdsId = ({ vlan }: Wanted, vlans: SeenVlans, name: string): boolean =>
  vlan !== undefined && (vlans[name]?.includes(vlan) ?? false)

export const obstacleKinds = ['notABridge', 'notFiltering', 'portMissing', 'portTaken'] as const
export type ObstacleKind = (typeof obstacleKinds)[number]

/** Why it cannot be made as things are, with what stands in the way. */
export function obstacles(wanted: Wanted, links: readonly SeenLink[]): [ObstacleKind, string][] {
  const bridge = find(links, wanted.bridge)
  const found: [ObstacleKind, string][] = []
  if (bridge !== undefined && bridge.sort !== 'bridge') found.push(['notABridge', wanted.bridge])
  if (bridge?.sort === 'bridge' && wanted.filtering && !bridge.filtering)
    found.push(['notFiltering', wanted.bridge])
  for (const name of wanted.ports) {
    const port = find(links, name)
    if (port === undefined) found.push(['portMissing', name])
    else if (port.master !== null && port.master !== wanted.bridge)
      found.push(['portTaken', `${name} (${port.master})`])
  }
  return found
}

/** What is missing, and only that: nothing once all is there. */
export function making(wanted: Wanted, links: readonly SeenLink[], vlans: SeenVlans): Changes {
  const { bridge, address, filtering, vlan } = wanted
  const found = foundOf(wanted, links, vlans)
  const inner = innerOf(wanted)
  const isUp = (name: string) => find(links, name)?.isUp === true
  return {
    ip: [
      ...(found.bridge.isThere
        ? []
        : [`link add ${bridge} type bridge${filtering ? ' vlan_filtering 1 vlan_default_pvid 0' : ''}`]),
      ...found.ports.flatMap(({ name, master }) => [
        ...(master === bridge ? [] : [`link set ${name} master ${bridge}`]),
        ...(isUp(name) ? [] : [`link set ${name} up`]),
      ]),
      ...(found.bridge.isUp ? [] : [`link set ${bridge} up`]),
    ],
    bridge: filtering
      ? [
          ...found.ports
            .filter(({ hadId }) => !hadId)
            .map(({ name }) => `vlan add dev ${name} vid ${vlan} pvid untagged`),
          ...(holdsId(wanted, vlans, bridge) ? [] : [`vlan add dev ${bridge} vid ${vlan} self`]),
        ]
      : [],
    ipAfter: [
      ...(filtering && !found.inner.isThere
        ? [`link add link ${bridge} name ${inner} type vlan id ${vlan}`]
        : []),
      ...(filtering && !isUp(inner) ? [`link set ${inner} up`] : []),
      ...(found.inner.hadAddress ? [] : [`address add ${address} dev ${inner}`]),
    ],
  }
}

/** Takes away what was made and is still there. */
export function unmaking(
  wanted: Wanted,
  before: Found,
  links: readonly SeenLink[],
  vlans: SeenVlans,
): Changes {
  const { bridge, address, filtering, vlan } = wanted
  const inner = innerOf(wanted)
  const isThere = (name: string) => find(links, name) !== undefined
  const hasAddress = address !== undefined && find(links, inner)?.addresses.includes(address) === true
  return {
    ip: [
      ...(hasAddress && !before.inner.hadAddress ? [`address del ${address} dev ${inner}`] : []),
      ...(filtering && !before.inner.isThere && isThere(inner) ? [`link del ${inner}`] : []),
    ],
    bridge: filtering
      ? [
          ...before.ports
            .filter(({ name, hadId }) => !hadId && holdsId(wanted, vlans, name))
            .map(({ name }) => `vlan del dev ${name} vid ${vlan}`),
          ...(before.bridge.isThere && holdsId(wanted, vlans, bridge) && !before.inner.isThere
            ? [`vlan del dev ${bridge} vid ${vlan} self`]
            : []),
        ]
      : [],
    ipAfter: [
      ...before.ports.flatMap(({ name, master, isUp }) => {
        const now = find(links, name)
        if (now === undefined) return []
        return [
          ...(now.master === bridge && master !== bridge
            ? [master === null ? `link set ${name} nomaster` : `link set ${name} master ${master}`]
            : []),
          ...(now.isUp && !isUp ? [`link set ${name} down`] : []),
        ]
      }),
      ...(isThere(bridge) && !before.bridge.isThere
        ? [`link del ${bridge}`]
        : isThere(bridge) && !before.bridge.isUp && find(links, bridge)?.isUp
          ? [`link set ${bridge} down`]
          : []),
    ],
  }
}

export const isNothing = ({ ip, bridge, ipAfter }: Changes): boolean =>
  ip.length + bridge.length + ipAfter.length === 0
