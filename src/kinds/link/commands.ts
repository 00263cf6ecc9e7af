/** `count` echoes, 50 ms apart; one line with each round trip in milliseconds, on standard error. */
export const echoes = (address: string, count: number): string[] => [
  ...['fping', '--vcount', String(count), '--period', '50', '--timeout', '1000', '--quiet', address],
]

/** One echo in a packet of `mtuBytes` that no router may cut up: 20 bytes of it are IP's, 8 are ICMP's. */
export const wholePacket = (address: string, mtuBytes: number): string[] => [
  ...['fping', '--dontfrag', '--count', '1', '--timeout', '500', '--quiet'],
  ...['--size', String(mtuBytes - 28), address],
]

/** Arguments: address, port. bash opens the connection by itself: nothing need be installed for it. */
const connectScript = 'exec 3<>"/dev/tcp/$1/$2"'

/** Opens a TCP connection and closes it. */
export const connects = (address: string, port: number): string[] => [
  ...['timeout', '4', 'bash', '-c', connectScript, 'bascule', address, String(port)],
]
