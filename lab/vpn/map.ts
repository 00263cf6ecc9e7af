import { lanOf, siteNames, vpnAddress, vpnOf } from '../topology.ts'

export const vpnInterface = 'wg0'
export const vpnPort = 51_820
export const vpnConfigFile = `/etc/wireguard/${vpnInterface}.conf`
/** What trainers are told to dial. */
export const vpnName = 'vpn.techcorp.test'

/** How a trainer's tunnel finds the gateway, and whether anything looks the name up again. */
export type Trainer = { role: string; lastByte: number; dials: 'name' | 'address'; isRestarted: boolean }

/** Hosts on the Internet, by role. Inside the tunnel they have the same last byte as outside. */
export const trainers: readonly Trainer[] = [
  { role: 'trainer-name', lastByte: 31, dials: 'name', isRestarted: false },
  { role: 'trainer-address', lastByte: 32, dials: 'address', isRestarted: false },
  { role: 'trainer-restarter', lastByte: 33, dials: 'name', isRestarted: true },
]

/** The gateway's end of every tunnel: the same at either site. */
export const vpnGateway = (index: number) => vpnAddress(index, 1)
/** Bascule's test client. The gateway has no peer for it at the start: Bascule lets it in, and out again. */
export const vpnTester = (index: number) => vpnAddress(index, 200)

/** What a trainer sends through the tunnel: to the tunnel's own network and to the servers of both sites. */
export const throughTheTunnel = (index: number) => [
  vpnOf(index),
  ...siteNames.map(site => lanOf(index, site)),
]
