import { virtualHosts, zone } from '../edge/gateway.ts'
import { publicAddress } from '../topology.ts'

export const updateKeyName = 'bascule'
export const updateKeyAlgorithm = 'hmac-sha256'

/** The authoritative server: answers for the zone, and lets the holder of the key change it (RFC 2136). */
export const knotConfig = (address: string, keySecret: string): string => `server:
  listen: ${address}@53
  rundir: /run/knot
  user: knot:knot
key:
  - id: ${updateKeyName}
    algorithm: ${updateKeyAlgorithm}
    secret: ${keySecret}
acl:
  - id: update
    key: ${updateKeyName}
    action: [update, transfer]
log:
  - target: stderr
    any: info
database:
  storage: /var/lib/knot
template:
  - id: default
    storage: /var/lib/knot
    file: "%s.zone"
zone:
  - domain: ${zone}
    acl: update
`

/** The zone as it stands before the move: every name at Montpellier's front door. */
export function zoneFile(index: number, address: string, ttlSeconds: number): string {
  const records = virtualHosts.map(
    ({ name }) => `${name} ${ttlSeconds} A ${publicAddress(index, 'montpellier')}`,
  )
  return [
    `$ORIGIN ${zone}.`,
    `$TTL ${ttlSeconds}`,
    `@ SOA ns hostmaster 1 3600 600 604800 ${Math.min(ttlSeconds, 60)}`,
    '@ NS ns',
    `ns A ${address}`,
    ...records,
    `vpn ${ttlSeconds} A ${publicAddress(index, 'montpellier')}`,
    '',
  ].join('\n')
}
