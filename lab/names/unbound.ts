import { zone } from '../edge/gateway.ts'
import { prefixOf } from '../topology.ts'

/** The users' resolver: asks the authoritative server and keeps the answer for as long as its TTL says. */
export const unboundConfig = (index: number, address: string, authoritative: string): string => `server:
  interface: ${address}
  access-control: ${prefixOf(index)}.0.0/16 allow
  directory: /var/lib/unbound
  chroot: ""
  username: unbound
  pidfile: /run/unbound.pid
  use-syslog: no
  logfile: ""
  do-ip6: no
  # No root servers here: the one zone is reached by its address and carries no signature.
  module-config: "iterator"
  # Unbound answers for .test itself unless told not to.
  local-zone: "test." nodefault
remote-control:
  control-enable: no
stub-zone:
  name: ${zone}
  stub-addr: ${authoritative}
  stub-prime: no
`
