import { BlockList, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** `montpellier=10.80.1.0/24,toulouse=10.80.2.0/24`; empty without any. Throws with the part that is wrong. */
export function parseSiteNetworks(text: string): Map<string, BlockList> {
  const networks = new Map<string, BlockList>()
  for (const part of text.split(',').filter(part => part !== '')) {
    const [, site = '', address = '', length = ''] = /^(\w+)=([\d.]+)\/(\d+)$/.exec(part) ?? []
    if (!isIPv4(address)) throw new Error(`SITE_NETWORKS: ${part} is not NAME=NETWORK/LENGTH`)
    const network = new BlockList()
    network.addSubnet(address, Number(length), 'ipv4')
    networks.set(site, network)
  }
  return networks
}

/** The site whose network this machine has an address in now; `nowhere` when it has none. */
export function siteByAddress(networks: Map<string, BlockList>): string {
  const own = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? [])
  for (const [site, network] of networks)
    if (own.some(({ family, address }) => family === 'IPv4' && network.check(address))) return site
  return 'nowhere'
}
