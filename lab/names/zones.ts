import { virtualHosts, zone } from '../edge/gateway.ts'
import { addressOf, internetAddress, prefixOf, publicAddress } from '../topology.ts'
import { vpnName } from '../vpn/map.ts'

/** The authoritative servers of the outside, by last byte: the primary and its secondary. */
export const authoritativeBytes = { primary: 54, secondary: 55 } as const
/** Resolvers, by last byte; the stubborn one keeps records for a day, whatever their TTL. */
export const resolverBytes = { honest: 53, stubborn: 52 } as const
/** Where the primary's host answers those inside. */
export const internalPort = 5353

/** Of the public addresses: 10.X.4.0/24. */
export const reverseZone = (index: number): string =>
  `4.${prefixOf(index).split('.').toReversed().join('.')}.in-addr.arpa`

/** What a zone holds beside SOA and NS: name, type, data. */
type Line = readonly [name: string, type: string, data: string]
type ZonePlan = { zone: string; nameServers: readonly Line[]; records: readonly Line[] }

/** The zone as those outside see it before the move: every name at Montpellier's front door. */
export function externalZone(index: number, hasInside: boolean): ZonePlan {
  const montpellier = publicAddress(index, 'montpellier')
  const outside = virtualHosts.filter(({ isInternal }) => !(hasInside && isInternal))
  return {
    zone,
    nameServers: nameServers(index),
    records: [
      ...publicLines(index, outside),
      ['mail', 'A', montpellier],
      ['@', 'MX', '10 mail'],
      ['@', 'TXT', `"v=spf1 ip4:${montpellier} mx -all"`],
      ['www', 'CNAME', 'courses'],
    ],
  }
}

/** The same zone as those inside see it: the dashboard, by the gateway's LAN address, has a name there only. */
export function internalZone(index: number): ZonePlan {
  const gateway = addressOf(index, 'montpellier', 'gateway')
  const isInside = ({ isInternal }: { isInternal: boolean }) => isInternal
  const outside = virtualHosts.filter(host => !isInside(host))
  return {
    zone,
    nameServers: [['ns', 'A', internetAddress(index, authoritativeBytes.primary)]],
    records: [
      ...publicLines(index, outside),
      ...virtualHosts.filter(isInside).map(({ name }) => [name, 'A', gateway] as const),
    ],
  }
}

/** Whose a public address is: Montpellier's is the platform's. */
export const reverseZonePlan = (index: number): ZonePlan => ({
  zone: reverseZone(index),
  nameServers: nameServers(index),
  records: [[lastByteOf(publicAddress(index, 'montpellier')), 'PTR', `courses.${zone}.`]],
})

const publicLines = (index: number, hosts: readonly { name: string }[]): Line[] =>
  [...hosts.map(({ name }) => name), vpnName.replace(`.${zone}`, '')].map(name => [
    name,
    'A',
    publicAddress(index, 'montpellier'),
  ])

const nameServers = (index: number): Line[] => [
  ['ns', 'A', internetAddress(index, authoritativeBytes.primary)],
  ['ns2', 'A', internetAddress(index, authoritativeBytes.secondary)],
]

const lastByteOf = (address: string): string => address.split('.').at(-1) ?? ''

/** As its administrator wrote it. Name servers have their addresses in the zone that holds their names. */
export function zoneFile(plan: ZonePlan, ttlSeconds: number): string {
  const isOwn = plan.zone === zone
  const names = plan.nameServers.map(([name]) => (isOwn ? name : `${name}.${zone}.`))
  return [
    `$ORIGIN ${plan.zone}.`,
    `$TTL ${ttlSeconds}`,
    `@ SOA ${names[0]} hostmaster.${zone}. 1 3600 600 604800 ${Math.min(ttlSeconds, 60)}`,
    ...names.map(name => `@ NS ${name}`),
    ...[...(isOwn ? plan.nameServers : []), ...plan.records].map(line => line.join(' ')),
    '',
  ].join('\n')
}
