import { z } from 'zod'
import type { Argv, ChangeIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds, shortStep } from '../../kit/timings.ts'
import {
  directions,
  divert,
  makeDevice,
  makeHook,
  pairsOf,
  removeDevice,
  removeHook,
  undivert,
} from '../cap-commands.ts'
import { capState, isCapped, isFree } from '../cap-state.ts'
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
