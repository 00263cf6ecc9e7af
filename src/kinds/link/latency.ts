import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Ends } from './ends.ts'
import { median, parseEchoes, rounded } from './output.ts'

const echoCount = 10
/** Usual sizes of a packet on the way: jumbo, Ethernet, PPPoE, GRE, VXLAN, WireGuard, IPsec, the least of IPv6. */
const usualMtus = [9000, 1500, 1492, 1476, 1450, 1420, 1400, 1280]

export type Latency = { milliseconds: number; lost: number; samples: number[] }

/** The median round trip. Throws Failure when nothing comes back. */
export async function measureLatency({ source, target }: Ends, io: ReadIo): Promise<Latency> {
  const { exitCode, stderr } = await io.read(source.ssh, echoes(target.address, echoCount), {
    allowFailure: true,
  })
  const { milliseconds, lost } = parseEchoes(stderr)
  if (milliseconds.length > 0)
    return { milliseconds: rounded(median(milliseconds)), lost, samples: milliseconds }
  const values = { source: source.ssh, address: target.address, detail: stderr.trim().slice(-300) }
  const remedy = exitCode === 127 ? 'link.latency.missing' : 'link.latency.remedy'
  throw new Failure(
    { key: 'link.latency.failed', values },
    { remedy: { key: remedy, values }, code: 'not-measured' },
  )
}

/** The largest usual packet that crosses whole; null when none does, or where there is no fping. */
export async function pathMtu({ source, target }: Ends, io: ReadIo): Promise<number | null> {
  for (const bytes of usualMtus) {
    const { exitCode } = await io.read(source.ssh, wholePacket(target.address, bytes), { allowFailure: true })
    if (exitCode === 0) return bytes
  }
  return null
}

/** `count` echoes, 50 ms apart; one line with each round trip in milliseconds, on standard error. */
export const echoes = (address: string, count: number): string[] => [
  ...['fping', '--vcount', String(count), '--period', '50', '--timeout', '1000', '--quiet', address],
]

/** One echo in a packet of `mtuBytes` that no router may cut up: 20 bytes of it are IP's, 8 are ICMP's. */
export const wholePacket = (address: string, mtuBytes: number): string[] => [
  ...['fping', '--dontfrag', '--count', '1', '--timeout', '500', '--quiet'],
  ...['--size', String(mtuBytes - 28), address],
]
