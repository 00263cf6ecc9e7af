import ipaddr from 'ipaddr.js'

/** `host` may be a name. Port 0: any that is free. */
export type Address = { host: string; port: number }

/** e.g. `127.0.0.1:8484`, `[::1]:8484`, `:8484`, `8484`; undefined for what is no address. */
export function readAddress(text: string, usual: Address): Address | undefined {
  const [, bracketed, named, digits = String(usual.port)] =
    /^(?:\[([\da-fA-F:.]+)\]|([\w.-]*?))(?::?(?<=^|:)(\d{1,5}))?$/.exec(text) ?? []
  if (bracketed === undefined && named === undefined) return undefined
  const port = Number(digits)
  return port > 65_535 ? undefined : { host: bracketed ?? (named || usual.host), port }
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || (ipaddr.isValid(host) && ipaddr.parse(host).range() === 'loopback')

const isAny = (host: string): boolean => ipaddr.isValid(host) && ipaddr.parse(host).range() === 'unspecified'

/** As it stands in a URL. */
export const written = ({ host, port }: Address): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`

/** Browsers write an address in its shortest form. */
const normal = (host: string): string =>
  ipaddr.isValid(host) ? ipaddr.process(host).toNormalizedString() : host.toLowerCase()

/**
 * Whether a browser that asks under this name may have the page. A page of somebody else can make its own name lead to this address
 * (DNS rebinding) and would then read what stands here; a name that is not this server's own is refused. Ports are not compared: `ssh -L`
 * has its own.
 */
export function isOwnName(hostHeader: string | undefined, listening: Address): boolean {
  const host = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i
    .exec(hostHeader ?? '')
    ?.slice(1)
    .find(Boolean)
  if (host === undefined) return false
  if (isLoopback(host) || normal(host) === normal(listening.host)) return true
  // an address, which nobody can make lead elsewhere
  return isAny(listening.host) && ipaddr.isValid(host)
}
