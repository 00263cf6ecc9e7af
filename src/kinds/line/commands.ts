import { bracketed, isIpv6 } from '../../model/address.ts'
import type { LineSpec } from './spec.ts'

/** Three echoes, each waited for 0.7 s at most: one that gets lost on a busy line is no lost line. */
export const echo = (address: string, device?: string): string[] => [
  ...['fping', '--count', '3', '--period', '150', '--timeout', '700', '--quiet'],
  ...(device === undefined ? [] : ['--iface', device]),
  address,
]
export const links = (): string[] => ['ip', '-j', 'address', 'show']
/** By which interface an answer from `from` to `to` leaves. */
export const wayOut = (from: string, to: string): string[] => ['ip', '-j', 'route', 'get', to, 'from', from]

export const qdiscs = (device: string): string[] => ['tc', '-j', 'qdisc', 'show', 'dev', device]
export type Direction = 'egress' | 'ingress'
export const filters = (device: string, direction: Direction): string[] => [
  ...['tc', 'filter', 'show', 'dev', device, direction],
]

/** Only the status, wherever the name may lead: the connection goes to `address`. */
export const httpStatus = (url: string, address: string): string[] => [
  ...['curl', '--silent', '--output', '/dev/null', '--max-time', '5', '--insecure'],
  ...['--connect-to', `::${bracketed(address)}:`, '--write-out', '%{http_code}'],
  ...['--', url],
]

/**
 * What the sites exchange over the backup line is led through a device of its own, one each way, that holds it to the cap;
 * then it goes on as it would have. The line's own queue, whatever it is, is not touched.
 */
const devices = { egress: 'bascule-up', ingress: 'bascule-down' } as const satisfies Record<Direction, string>
export const directions = ['egress', 'ingress'] as const
export const deviceOf = (direction: Direction): string => devices[direction]

type Networks = { from: string; to: string }
type Family = 'ip' | 'ipv6'
/** Numbers of ours in the order of the line's filters; one each, or the kernel lists both directions under one. */
const preferences = { egress: { ip: 49_151, ipv6: 49_152 }, ingress: { ip: 49_153, ipv6: 49_154 } } as const
export const ownPreferences: readonly number[] = Object.values(preferences).flatMap(of => Object.values(of))

const familyOf = (network: string): Family => (isIpv6(network) ? 'ipv6' : 'ip')

/** Every pair of networks, one at each site; out of the target's line, or into it. */
export function pairsOf({ between }: LineSpec, direction: Direction): Networks[] {
  return between.source.flatMap(source =>
    between.target
      .filter(target => familyOf(target) === familyOf(source))
      .map(target => (direction === 'egress' ? { from: target, to: source } : { from: source, to: target })),
  )
}

/** 64 KB at once, for the kernel hands over segments of that size; a fifth of a second's worth may wait. */
export const makeDevice = (direction: Direction, capMbps: number): string[][] => [
  ['ip', 'link', 'add', deviceOf(direction), 'type', 'ifb'],
  [
    ...['tc', 'qdisc', 'add', 'dev', deviceOf(direction), 'root', 'tbf'],
    ...['rate', `${Math.round(capMbps * 1000)}kbit`, 'burst', '64kb', 'latency', '200ms'],
  ],
  ['ip', 'link', 'set', deviceOf(direction), 'up'],
]
export const removeDevice = (direction: Direction): string[] => ['ip', 'link', 'delete', deviceOf(direction)]

/** Where filters may hang at both ends of a device, beside any queue. */
export const makeHook = (line: string): string[] => ['tc', 'qdisc', 'add', 'dev', line, 'clsact']
export const removeHook = (line: string): string[] => ['tc', 'qdisc', 'delete', 'dev', line, 'clsact']

export function divert(line: string, direction: Direction, { from, to }: Networks): string[] {
  const family = familyOf(from)
  const word = family === 'ip' ? 'ip' : 'ip6'
  return [
    ...['tc', 'filter', 'add', 'dev', line, direction, 'protocol', family],
    ...['pref', String(preferences[direction][family]), 'u32'],
    ...['match', word, 'src', from, 'match', word, 'dst', to],
    ...['action', 'mirred', 'egress', 'redirect', 'dev', deviceOf(direction)],
  ]
}
export const undivert = (line: string, direction: Direction, preference: number): string[] => [
  ...['tc', 'filter', 'delete', 'dev', line, direction, 'pref', String(preference)],
]
