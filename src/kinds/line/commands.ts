/** Three echoes, each waited for 0.7 s at most: one that gets lost on a busy line is no lost line. */
export const echo = (address: string, device?: string): string[] => [
  ...['fping', '--count', '3', '--period', '150', '--timeout', '700', '--quiet'],
  ...(device === undefined ? [] : ['--iface', device]),
  address,
]
export const links = (): string[] => ['ip', '-j', 'address', 'show']
/** By which interface an answer from `from` to `to` leaves. */
export const wayOut = (from: string, to: string): string[] => ['ip', '-j', 'route', 'get', to, 'from', from]
export const installed = (program: string): string[] => ['sh', '-c', 'command -v -- "$1"', 'bascule', program]

export const qdiscs = (device: string): string[] => ['tc', '-j', 'qdisc', 'show', 'dev', device]
export type Direction = 'egress' | 'ingress'
export const filters = (device: string, direction: Direction): string[] => [
  ...['tc', 'filter', 'show', 'dev', device, direction],
]

/** Only the status, wherever the name may lead: the connection goes to `address`. */
export const httpStatus = (url: string, address: string): string[] => [
  ...['curl', '--silent', '--output', '/dev/null', '--max-time', '5', '--insecure'],
  ...[
    '--connect-to',
    `::${address.includes(':') ? `[${address}]` : address}:`,
    '--write-out',
    '%{http_code}',
  ],
  ...['--', url],
]

/** Arguments: address, port. bash opens the connection by itself: nothing need be installed for it. */
const connectScript = 'exec 3<>"/dev/tcp/$1/$2"'
export const connects = (address: string, port: number): string[] => [
  ...['timeout', '4', 'bash', '-c', connectScript, 'bascule', address, String(port)],
]

/** The second datagram fails where the first was refused; silence says nothing. Arguments: address, port. */
const datagramScript = 'exec 3<>"/dev/udp/$1/$2"; printf x >&3; sleep 0.5; printf x >&3'
export const datagrams = (address: string, port: number): string[] => [
  ...['timeout', '4', 'bash', '-ec', datagramScript, 'bascule', address, String(port)],
]
