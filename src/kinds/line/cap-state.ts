import type { ReadIo } from '../../model/io.ts'
import { deviceOf, directions, ownPreferences, pairsOf } from './cap-commands.ts'
import { type Direction, filters, links, qdiscs } from './commands.ts'
import type { WanLine } from './wan-line.ts'

/** What of our cap is there, one direction. `diverted`: how many pairs of networks are led through our device. */
export type CapSide = {
  device: boolean
  rateMbps: number | undefined
  diverted: number
  preferences: number[]
}
export type CapState = { sides: Record<Direction, CapSide>; hook: boolean; othersFilter: boolean }

type Qdisc = { kind: string; options?: { rate?: number } }

export async function capState({ spec, target }: WanLine, io: ReadIo): Promise<CapState> {
  const line = spec.backup.interface
  const there = JSON.parse((await io.read(target.ssh, links())).stdout) as { ifname: string }[]
  const onLine = await qdiscsOf(target.ssh, line, io)
  const hook = onLine.some(({ kind }) => kind === 'clsact')
  let othersFilter = false
  const side = async (direction: Direction): Promise<CapSide> => {
    const device = deviceOf(direction)
    const isThere = there.some(({ ifname }) => ifname === device)
    const shaped = isThere ? await qdiscsOf(target.ssh, device, io) : []
    const bytesPerSecond = shaped.find(({ kind }) => kind === 'tbf')?.options?.rate
    const { stdout } = await io.read(target.ssh, filters(line, direction), { allowFailure: true })
    const found = hook ? preferencesIn(stdout) : []
    if (found.some(preference => !ownPreferences.includes(preference))) othersFilter = true
    return {
      device: isThere,
      rateMbps: bytesPerSecond === undefined ? undefined : (bytesPerSecond * 8) / 1e6,
      diverted: stdout.split(`Redirect to device ${device})`).length - 1,
      preferences: found.filter(preference => ownPreferences.includes(preference)),
    }
  }
  const sides = { egress: await side('egress'), ingress: await side('ingress') }
  return { sides, hook, othersFilter }
}

/** A line that has no queue of its own kind, or is not there, has none of ours. */
async function qdiscsOf(host: string, device: string, io: ReadIo): Promise<Qdisc[]> {
  const { stdout, exitCode } = await io.read(host, qdiscs(device), { allowFailure: true })
  return exitCode === 0 ? (JSON.parse(stdout) as Qdisc[]) : []
}

const preferencesIn = (listing: string): number[] => [
  ...new Set([...listing.matchAll(/^filter .*?\bpref (\d+)/gm)].map(([, number]) => Number(number))),
]

export const isCapped = ({ spec }: WanLine, { sides }: CapState): boolean =>
  directions.every(
    direction =>
      sides[direction].rateMbps === Math.round(spec.backup.capMbps * 1000) / 1000 &&
      sides[direction].diverted === pairsOf(spec, direction).length,
  )

/** A hook without filters is what an attempt that was cut short has left. */
export const isFree = ({ sides, hook, othersFilter }: CapState): boolean =>
  directions.every(direction => !sides[direction].device && sides[direction].preferences.length === 0) &&
  (!hook || othersFilter)
