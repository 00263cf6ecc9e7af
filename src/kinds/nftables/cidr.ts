import ipaddr from 'ipaddr.js'

/** Of an address, or of a network in CIDR notation; both already validated. */
function networkOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  return text.includes('/') ? ipaddr.parseCIDR(text) : hostNetwork(ipaddr.parse(text))
}

const hostNetwork = (address: ipaddr.IPv4 | ipaddr.IPv6): [ipaddr.IPv4 | ipaddr.IPv6, number] => [
  address,
  address.kind() === 'ipv4' ? 32 : 128,
]

export const prefixLengthOf = (network: string): number => networkOf(network)[1]

/** Whether the network holds the address, or the whole of a narrower network. */
export function holds(network: string, inner: string): boolean {
  const [outside, inside] = [networkOf(network), networkOf(inner)]
  if (outside[0].kind() !== inside[0].kind() || inside[1] < outside[1]) return false
  return inside[0].match(outside)
}

/** The same network in one notation: `10.8.12.1/24` is `10.8.12.0/24`; IPv6 in eight groups. */
export function plainNetwork(text: string): string {
  const [address, length] = networkOf(text)
  const written = `${address.toString()}/${length}`
  const first =
    address.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(written)
      : ipaddr.IPv6.networkAddressFromCIDR(written)
  return `${first.toNormalizedString()}/${length}`
}
