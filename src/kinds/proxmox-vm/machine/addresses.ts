import type { Addressing } from '../spec.ts'

/** `192.0.2.30/24` without its prefix length. */
export const bare = (address: string): string => address.replace(/\/\d+$/, '')

/** Each address of one site and its twin at the other; the longest first, so that `a/24` goes before `a`. */
export function twins(from: Addressing, to: Addressing): [string, string][] {
  const others = Object.entries(from.others).map(([name, address]): [string, string] => [
    address,
    to.others[name] ?? address,
  ])
  const all: [string, string][] = [
    [from.address, to.address],
    [bare(from.address), bare(to.address)],
    [from.gateway, to.gateway],
    ...others,
  ]
  return all.sort(([left], [right]) => right.length - left.length)
}

/**
 * A text in which every address of one site has become its twin, all at once, so that none is changed twice. Only whole
 * addresses: 192.0.2.3 is not found in 192.0.2.30, nor in 1.192.0.2.3.
 */
export function readdressed(text: string, from: Addressing, to: Addressing): string {
  const twin = new Map(twins(from, to))
  const any = [...twin.keys()].map(address => address.replaceAll('.', '\\.')).join('|')
  return text.replace(
    new RegExp(`(?<![\\d.])(?:${any})(?!\\.?\\d)`, 'g'),
    address => twin.get(address) ?? address,
  )
}
