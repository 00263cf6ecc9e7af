import { bracketed } from '../../model/address.ts'
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
