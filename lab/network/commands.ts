import {
  type HostPlan,
  internetNamespace,
  isNetworked,
  lanOf,
  linkAddress,
  operationsAddress,
  operationsInterface,
  publicAddress,
  siteNames,
} from '../topology.ts'
import {
  backupCables,
  mobileNetwork,
  operationsWays,
  spareAddresses,
  spareRoutes,
  uplink,
  waysIn,
} from './lines.ts'
import { officeBridge } from './office.ts'

/** Lines for `ip -batch`, run in one namespace, or in the root one when it is not named. */
export type Batch = { namespace?: string; lines: string[] }

const gatewayNamespace = (hosts: HostPlan[], site: string) =>
  hosts.find(host => host.site === site && host.role === 'gateway')?.namespace ?? ''

/** The bridge end of a host's cable, named after its address: h10 for 10.80.1.10. */
const cableOf = (host: HostPlan) => `h${host.address.split('.').at(-1)}`

/** Namespaces and the cables between them: a veth pair is made with each end already in its place. */
export function cables(index: number, hosts: HostPlan[]): Batch {
  const internet = internetNamespace(index)
  const pair = (end: string, namespace: string, otherEnd: string, other: string) =>
    `link add ${end} netns ${namespace} type veth peer name ${otherEnd} netns ${other}`
  const [west = '', east = ''] = siteNames.map(site => gatewayNamespace(hosts, site))
  return {
    lines: [
      ...[internet, ...hosts.map(host => host.namespace)].map(namespace => `netns add ${namespace}`),
      ...hosts
        .filter(host => host.role !== 'gateway')
        .map(host =>
          pair(
            'eth0',
            host.namespace,
            cableOf(host),
            host.site === 'internet' ? internet : gatewayNamespace(hosts, host.site),
          ),
        ),
      pair('intersite', west, 'intersite', east),
      pair('wan', west, 'west', internet),
      pair('wan', east, 'east', internet),
      `link add ${operationsInterface(index)} type veth peer name ops netns ${internet}`,
      `address add ${operationsAddress(index)}/24 dev ${operationsInterface(index)}`,
      `link set ${operationsInterface(index)} up`,
      ...siteNames.map(site => `route add ${lanOf(index, site)} via ${publicAddress(index, site)}`),
      ...(isNetworked(hosts)
        ? [...backupCables(east, internet), ...operationsWays(index).map(route => `route add ${route}`)]
        : []),
    ],
  }
}

function bridge(namespace: string, name: string, ports: string[]): Batch {
  return {
    namespace,
    lines: [
      'link set lo up',
      `link add ${name} type bridge`,
      ...ports.flatMap(port => [`link set ${port} master ${name}`, `link set ${port} up`]),
      `link set ${name} up`,
    ],
  }
}

/** The Internet is a bridge; a gateway has its LAN as a bridge inside, its end of the link, and its public side. */
export function bridges(index: number, hosts: HostPlan[]): Batch[] {
  const onTheInternet = hosts.filter(host => host.site === 'internet').map(cableOf)
  const networked = isNetworked(hosts)
  const internet = bridge(internetNamespace(index), 'internet', ['west', 'east', 'ops', ...onTheInternet])
  if (networked) internet.lines.push(...mobileNetwork())
  const gateways = siteNames.map(site => {
    const gateway = hosts.find(host => host.site === site && host.role === 'gateway')
    const lan = hosts.filter(host => host.site === site && !['gateway', 'office'].includes(host.role))
    const { namespace, lines } = bridge(gateway?.namespace ?? '', 'lan', lan.map(cableOf))
    return {
      ...(namespace ? { namespace } : {}),
      lines: [
        ...lines,
        `address add ${gateway?.address}/24 dev lan`,
        `address add ${linkAddress(index, site)}/30 dev intersite`,
        'link set intersite up',
        `address add ${publicAddress(index, site)}/24 dev wan`,
        'link set wan up',
        `route add ${farRoute(index, site)}`,
        ...(networked
          ? [
              ...officeBridge(index, site),
              ...spareAddresses(index, site),
              ...spareRoutes(index, site).map(route => `route add ${route}`),
            ]
          : []),
      ],
    }
  })
  return [internet, ...gateways]
}

/** The way to the other site's LAN. The kernel forgets it when the link is set down. */
export function farRoute(index: number, site: 'montpellier' | 'toulouse'): string {
  const far = site === 'montpellier' ? 'toulouse' : 'montpellier'
  return `${lanOf(index, far)} via ${linkAddress(index, far)}`
}

/**
 * A host has one cable; a hypervisor has it in a bridge that its guests join. At a site the way out is the gateway; on the
 * Internet a host knows nothing but its neighbours, unless it is one that tries the doors.
 */
export function endpoints(index: number, hosts: HostPlan[]): Batch[] {
  const networked = isNetworked(hosts)
  const onTheInternet = (host: HostPlan) =>
    networked ? [uplink(index), ...waysIn(index, host)].map(route => `route add ${route}`) : []
  return hosts
    .filter(host => host.role !== 'gateway')
    .map(host => ({
      namespace: host.namespace,
      lines: [
        'link set lo up',
        ...(host.role === 'hypervisor' ? guestBridges(host) : []),
        `address add ${host.address}/24 dev ${host.role === 'hypervisor' ? 'vmbr0' : 'eth0'}`,
        'link set eth0 up',
        ...(host.site === 'internet'
          ? onTheInternet(host)
          : [`route add default via ${host.address.replace(/\d+$/, '1')}`]),
      ],
    }))
}

/** Named as on Proxmox VE. vmbr9 leads nowhere: for a machine that is only tried. */
function guestBridges(host: HostPlan): string[] {
  // Its own, or the bridge would take that of a guest's card that happens to be lower, and neighbours lose it.
  const mac = ['02', '00', ...host.address.split('.').map(byte => Number(byte).toString(16).padStart(2, '0'))]
  return [
    `link add vmbr0 address ${mac.join(':')} type bridge`,
    'link set eth0 master vmbr0',
    'link set vmbr0 up',
    'link add vmbr9 type bridge',
    'link set vmbr9 up',
  ]
}

/** Each end holds back what it sends. A bucket of 256 KB lets the kernel's 64 KB segments through. */
export function shape(
  namespace: string,
  megabitsPerSecond: number,
  change: 'add' | 'replace',
  end = 'intersite',
): string[] {
  const bucket = ['tbf', 'rate', `${megabitsPerSecond}mbit`, 'burst', '256k', 'latency', '50ms']
  return ['tc', '-n', namespace, 'qdisc', change, 'dev', end, 'root', ...bucket]
}

/** The root side: everything else goes with its namespace. */
export const operationsRemoval = (index: number) => ['ip', 'link', 'delete', operationsInterface(index)]
