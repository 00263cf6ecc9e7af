import ipaddr from 'ipaddr.js'

/** A host may be known by a name instead. `10` and `0x7f.1`, which some programs take for addresses, are none. */
export const isAddress = (text: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)

/** Of an address, or of a network in CIDR notation. False for a name. */
export const isIpv6 = (text: string): boolean => ipaddr.IPv6.isValid(text) || ipaddr.IPv6.isValidCIDR(text)

/** Address or name as it stands before a colon: `[2001:db8::1]`. */
export const bracketed = (host: string): string => (ipaddr.IPv6.isValid(host) ? `[${host}]` : host)

const innerRanges: readonly string[] = ['private', 'uniqueLocal', 'linkLocal', 'loopback', 'carrierGradeNat']

/** Nobody outside reaches it. False for a name. */
export const isPrivateAddress = (text: string): boolean =>
  isAddress(text) && innerRanges.includes(ipaddr.parse(text).range())
