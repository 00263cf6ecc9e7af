/** A network as figures: `bits` is 32 or 128; `value` is the address with its host part cleared. */
type Network = { bits: 32 | 128; value: bigint; prefixLength: number }

const v4 = (text: string): bigint => text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)

/** The URL parser writes any IPv6 address in its one short form, mapped IPv4 included. */
function v6(text: string): bigint {
  const short = new URL(`http://[${text}]`).hostname.slice(1, -1)
  const [head = '', tail] = short.split('::')
  const groups = (part: string | undefined) => (part ? part.split(':') : [])
  const [front, back] = [groups(head), groups(tail)]
  const middle = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill('0')
  return [...front, ...middle, ...back].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
}

/** Of an address, or of a network in CIDR notation; both already validated. */
function networkOf(text: string): Network {
  const [address = '', length] = text.split('/')
  const bits = address.includes(':') ? 128 : 32
  const prefixLength = length === undefined ? bits : Number(length)
  const host = BigInt(bits - prefixLength)
  const value = ((bits === 32 ? v4(address) : v6(address)) >> host) << host
  return { bits, value, prefixLength }
}

export const isIpv6 = (text: string): boolean => text.includes(':')
export const prefixLengthOf = (network: string): number => networkOf(network).prefixLength

/** Whether the network holds the address, or the whole of a narrower network. */
export function holds(network: string, inner: string): boolean {
  const [outside, inside] = [networkOf(network), networkOf(inner)]
  if (outside.bits !== inside.bits || inside.prefixLength < outside.prefixLength) return false
  const host = BigInt(outside.bits - outside.prefixLength)
  return inside.value >> host === outside.value >> host
}

/** The same network in one notation: `10.8.12.1/24` is `10.8.12.0/24`; IPv6 in eight groups. */
export function plainNetwork(text: string): string {
  const { bits, value, prefixLength } = networkOf(text)
  const width = bits === 32 ? 8 : 16
  const parts = Array.from({ length: bits / width }, (_, index) => {
    const shift = BigInt(bits - width * (index + 1))
    return ((value >> shift) & ((1n << BigInt(width)) - 1n)).toString(bits === 32 ? 10 : 16)
  })
  return `${parts.join(bits === 32 ? '.' : ':')}/${prefixLength}`
}
