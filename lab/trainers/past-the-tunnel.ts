import { lanOf, publicAddress, siteNames } from '../topology.ts'

/** A table of routes of its own, for what is sent from the address that the machine has outside the tunnel. */
const table = '66'

/**
 * `ip` commands that let a trainer send to the LANs without his tunnel, by the gateways' public addresses, as someone would who
 * knows where they are. The tunnel's own traffic stays as it is. They may be run again.
 */
export const pastTheTunnel = (index: number, outside: string): string[][] => [
  ...siteNames.map(site => [
    ...['ip', 'route', 'replace', lanOf(index, site)],
    ...['via', publicAddress(index, site), 'table', table],
  ]),
  ['ip', 'rule', 'delete', 'from', outside, 'table', table],
  ['ip', 'rule', 'add', 'from', outside, 'table', table],
]
