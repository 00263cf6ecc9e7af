export const updateKeyName = 'bascule'
export const updateKeyAlgorithm = 'hmac-sha256'

/** `service`: of runit; its data, process id and control socket have their names from it. */
type Shared = { service: string; listen: { address: string; port: number }; zones: readonly string[] }
export const homeOf = (service: string) => `/var/lib/${service}`
/** For `knotc --socket`. */
export const socketOf = (service: string) => `/run/knot/${service}.sock`

/**
 * The authoritative server: answers for its zones, and lets the holder of the key change them (RFC 2136). Its secondary is told
 * of every change, and fetches it (NOTIFY, IXFR).
 */
export const primaryConfig = (
  server: Shared,
  keySecret: string,
  secondary?: string,
): string => `${head(server)}
key:
  - id: ${updateKeyName}
    algorithm: ${updateKeyAlgorithm}
    secret: ${keySecret}
${secondary === undefined ? '' : remote('secondary', secondary)}acl:
  - id: update
    key: ${updateKeyName}
    action: [update, transfer]
${secondary === undefined ? '' : `  - id: secondary\n    address: ${secondary}\n    action: transfer\n`}zone:
${server.zones
  .map(zone =>
    secondary === undefined
      ? `  - domain: ${zone}\n    acl: update\n`
      : `  - domain: ${zone}\n    acl: [update, secondary]\n    notify: secondary\n`,
  )
  .join('')}`

/** A server that has its zones from the primary and from nobody else. */
export const secondaryConfig = (server: Shared, primary: string): string => `${head(server)}
${remote('primary', primary)}acl:
  - id: primary
    address: ${primary}
    action: notify
zone:
${server.zones.map(zone => `  - domain: ${zone}\n    acl: primary\n    master: primary\n`).join('')}`

const head = ({ service, listen }: Shared): string => `server:
  listen: ${listen.address}@${listen.port}
  rundir: /run/knot
  pidfile: ${service}.pid
  user: knot:knot
control:
  listen: ${socketOf(service)}
log:
  - target: stderr
    any: info
database:
  storage: ${homeOf(service)}
template:
  - id: default
    storage: ${homeOf(service)}
    file: "%s.zone"`

const remote = (id: string, address: string): string => `remote:\n  - id: ${id}\n    address: ${address}@53\n`
