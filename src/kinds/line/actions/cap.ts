import { z } from 'zod'
import type { Argv, ChangeIo, ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds, shortStep } from '../../kit/timings.ts'
import {
  type Direction,
  deviceOf,
  directions,
  divert,
  filters,
  links,
  makeDevice,
  makeHook,
  ownPreferences,
  pairsOf,
  qdiscs,
  removeDevice,
  removeHook,
  undivert,
} from '../commands.ts'
import { line } from '../facts.ts'
import { type WanLine, wanLineOf } from '../wan-line.ts'

/** Bandwidth limit for what the sites exchange over the backup line: should the main one be lost, users have the rest. */
export const cap = line.action({
  name: 'cap',
  touches: ['target'],
  result: z.object({ capMbps: z.number() }),
  plan(about) {
    const { spec, target } = wanLineOf(about)
    const values = { host: target.ssh, interface: spec.backup.interface, mbps: spec.backup.capMbps }
    const commands = typed(removeHook(spec.backup.interface), removeDevice('egress'), removeDevice('ingress'))
    return {
      title: { key: 'line.cap.title', values },
      stage: 'provision',
      expectedSeconds: 3,
      ...shortStep,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 3,
        deadlineSeconds: shortDeadlineSeconds,
        byHand: { key: 'line.cap.byHand', values: { ...values, commands } },
      },
    }
  },
  async isDone(acting, io) {
    const wanLine = wanLineOf(acting)
    return isCapped(wanLine, await capState(wanLine, io)) ? { capMbps: acting.spec.backup.capMbps } : false
  },
  async apply(acting, io) {
    await hold(wanLineOf(acting), io.at('target'))
    return { capMbps: acting.spec.backup.capMbps }
  },
  undo: (acting, io) => release(wanLineOf(acting), io.at('target')),
})

/** After the monitoring period: nothing large goes between the sites any more. */
export const uncap = line.action({
  name: 'uncap',
  touches: ['target'],
  plan(about) {
    const { spec, target } = wanLineOf(about)
    const values = { host: target.ssh, interface: spec.backup.interface }
    return {
      title: { key: 'line.uncap.title', values },
      stage: 'close',
      expectedSeconds: 3,
      ...shortStep,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 3,
        deadlineSeconds: shortDeadlineSeconds,
        byHand: { key: 'line.uncap.byHand', values },
      },
    }
  },
  isDone: async (acting, io) => isFree(await capState(wanLineOf(acting), io)),
  async apply(acting, io) {
    await release(wanLineOf(acting), io.at('target'))
    return undefined
  },
  undo: (acting, io) => hold(wanLineOf(acting), io.at('target')),
})

/** Devices first, then what leads to them: nothing is ever led to a device that does not pass it on. */
async function hold(line: WanLine, io: ChangeIo): Promise<void> {
  const { spec, target } = line
  if (isCapped(line, await capState(line, io))) return
  await release(line, io)
  const run = (argv: Argv) => io.change(target.ssh, argv)
  for (const direction of directions)
    for (const argv of makeDevice(direction, spec.backup.capMbps)) await run(argv)
  if (!(await capState(line, io)).hook) await run(makeHook(spec.backup.interface))
  for (const direction of directions)
    for (const pair of pairsOf(spec, direction)) await run(divert(spec.backup.interface, direction, pair))
}

async function release(line: WanLine, io: ChangeIo): Promise<void> {
  const { spec, target } = line
  const run = (argv: Argv) => io.change(target.ssh, argv)
  const { sides, hook, othersFilter } = await capState(line, io)
  for (const direction of directions)
    for (const preference of sides[direction].preferences)
      await run(undivert(spec.backup.interface, direction, preference))
  for (const direction of directions) if (sides[direction].device) await run(removeDevice(direction))
  if (hook && !othersFilter) await run(removeHook(spec.backup.interface))
}

/** What of our cap is there, one direction. `diverted`: how many pairs of networks are led through our device. */
type CapSide = {
  device: boolean
  rateMbps: number | undefined
  diverted: number
  preferences: number[]
}
type CapState = { sides: Record<Direction, CapSide>; hook: boolean; othersFilter: boolean }

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
