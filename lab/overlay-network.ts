import { backupMbps } from './network/lines.ts'
import { officeCable } from './network/office.ts'
import { type SecretName, secretFile } from './secrets.ts'
import {
  addressOf,
  allParts,
  backupAddress,
  type HostPlan,
  hostsOf,
  lanOf,
  linkAddress,
  officeGateway,
  officeOf,
  operationsAddress,
  publicAddress,
  siteNames,
  vpnOf,
} from './topology.ts'
import type { LabPart } from './types.ts'
import { vpnPort, vpnTester } from './vpn/map.ts'

type NetworkLab = { name: string; index: number; parts: readonly LabPart[] }
type Site = (typeof siteNames)[number]
type Nothing = Record<string, null>
export type OverlayOfNetwork = {
  /** Laid over the plan's `outside`. */
  outside: null | object
  components: Record<string, object | null>
  /** By the id of a service: what else it is told. */
  services: Record<string, { needs?: string[] }>
  checks: Nothing
}

const [source, target] = siteNames

/** The TechCorp plan's gateways, where the lab's are; or, in a lab without the part `network`, the plan without them. */
export function networkOverlay(lab: NetworkLab): OverlayOfNetwork {
  if (!lab.parts.includes('network')) return withoutIt()
  const { index } = lab
  return {
    outside: Object.fromEntries(hostsOf(index, allParts).flatMap(outsider)),
    components: {
      line: line(index),
      firewall: firewall(index),
      vpn: vpn(lab),
      'old-addresses': forwarder(index),
    },
    services: {},
    checks: {},
  }
}

/** The dashboard then has a door for everyone, as nothing is kept behind a tunnel. */
function withoutIt(): OverlayOfNetwork {
  const none = (...ids: string[]): Nothing => Object.fromEntries(ids.map(id => [id, null]))
  return {
    outside: null,
    components: none('line', 'firewall', 'vpn', 'old-addresses'),
    services: { dashboard: { needs: ['auth', 'courses'] } },
    checks: none(
      ...['P3-open', 'P3-closed', 'P3-same', 'T4', 'T4-dashboard', 'line-main', 'line-backup', 'line-cap'],
    ),
  }
}

/** PCs in the trainers' rooms, and on the Internet the tester's and a stranger's. */
function outsider({ name, role, address }: HostPlan): [string, object][] {
  const host = { ssh: name, address, become: 'runuser' }
  if (role === 'office') return [[name, host]]
  return role === 'tester' || role === 'stranger' ? [[role, host]] : []
}

const line = (index: number) => ({
  main: { probe: { address: linkAddress(index, target) } },
  backup: { address: backupAddress(index), declaredMbps: backupMbps },
  between: { source: [lanOf(index, source)], target: [lanOf(index, target)] },
})

function firewall(index: number) {
  const both = (networks: (site: Site) => string[]) => ({
    source: { networks: networks(source) },
    target: { networks: networks(target) },
  })
  const host = (address: string) => `${address}/32`
  const at = (address: (site: Site) => string) => ({ source: [address(source)], target: [address(target)] })
  const gateway = (site: Site) => addressOf(index, site, 'gateway')
  return {
    // Nothing is far away here.
    probes: { waitSeconds: 1 },
    gatewayAddresses: {
      public: {
        source: [publicAddress(index, source)],
        target: [publicAddress(index, target), backupAddress(index)],
      },
      lan: at(gateway),
      office: at(site => officeGateway(index, site)),
    },
    zones: {
      operations: both(() => [host(operationsAddress(index))]),
      servers: both(site => [lanOf(index, site)]),
      office: both(site => [officeOf(index, site)]),
      vpn: both(() => [vpnOf(index)]),
      intersite: {
        source: {
          networks: [lanOf(index, target), host(linkAddress(index, target)), host(backupAddress(index))],
        },
        target: {
          networks: [
            lanOf(index, source),
            host(linkAddress(index, source)),
            host(publicAddress(index, source)),
          ],
        },
      },
    },
    vlans: [
      {
        name: 'office',
        target: { bridge: 'office', ports: [officeCable], address: `${officeGateway(index, target)}/24` },
      },
    ],
  }
}

function vpn({ name, index }: NetworkLab) {
  const secret = (key: SecretName) => `file:${secretFile(name, key)}`
  const side = (site: Site) => ({ endpoint: publicAddress(index, site) })
  const door = (site: Site) => ({ url: `http://${addressOf(index, site, 'gateway')}/summary` })
  return {
    source: side(source),
    target: side(target),
    privateKey: secret('vpn-gateway'),
    within: [vpnOf(index), lanOf(index, source), lanOf(index, target)],
    test: {
      address: `${vpnTester(index)}/32`,
      privateKey: secret('vpn-tester'),
      source: door(source),
      target: door(target),
    },
  }
}

function forwarder(index: number) {
  const passOn = { from: publicAddress(index, source), to: publicAddress(index, target) }
  return {
    forward: [
      { service: 'web', protocol: 'tcp', port: 80, ...passOn },
      { service: 'vpn', protocol: 'udp', port: vpnPort, ...passOn },
    ],
  }
}
