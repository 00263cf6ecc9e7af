import { zone } from '../edge/gateway.ts'
import { internetAddress, prefixOf } from '../topology.ts'
import { authoritativeBytes, reverseZone } from './zones.ts'

/** Some operators' resolvers do so, to have fewer questions to ask. */
const day = 86_400

/**
 * A resolver of the users: asks the authoritative servers and keeps the answer for as long as its TTL says; the stubborn one for a
 * day.
 */
export const unboundConfig = (index: number, address: string, isStubborn: boolean): string => `server:
  interface: ${address}
  access-control: ${prefixOf(index)}.0.0/16 allow
  directory: /var/lib/unbound
  chroot: ""
  username: unbound
  pidfile: /run/unbound.pid
  use-syslog: no
  logfile: ""
  do-ip6: no
  # No root servers here: the zones are reached by their addresses and carry no signature.
  module-config: "iterator"
  # Unbound answers for .test and for private networks itself unless told not to.
  local-zone: "test." nodefault
  local-zone: "10.in-addr.arpa." nodefault
${isStubborn ? `  cache-min-ttl: ${day}\n` : ''}remote-control:
  control-enable: no
${[zone, reverseZone(index)].map(name => stub(index, name)).join('')}`

const stub = (index: number, name: string): string => `stub-zone:
  name: ${name}
${Object.values(authoritativeBytes)
  .map(lastByte => `  stub-addr: ${internetAddress(index, lastByte)}\n`)
  .join('')}  stub-prime: no
`
