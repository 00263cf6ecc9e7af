import type { Argv, ChangeIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { type Line, lineOf } from '../at.ts'
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

const at = ({ component, plan }: StepContext): Line => lineOf(component, plan)

/** What the sites exchange over the backup line is held to the cap: should the main one go, people have the rest. */
export const cap: Action = {
  isDone: async (context, io) => isCapped(at(context), await capState(at(context), io)),
  async apply(context, io) {
    await hold(at(context), io)
    return { capMbps: at(context).spec.backup.capMbps }
  },
  undo: (context, io) => release(at(context), io),
}

/** After the watch: nothing heavy goes between the sites any more. */
export const uncap: Action = {
  isDone: async (context, io) => isFree(await capState(at(context), io)),
  async apply(context, io) {
    await release(at(context), io)
    return undefined
  },
  undo: (context, io) => hold(at(context), io),
}

/** Devices first, then what leads to them: nothing is ever led to what does not pass it on. */
async function hold(line: Line, io: ChangeIo): Promise<void> {
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

async function release(line: Line, io: ChangeIo): Promise<void> {
  const { spec, target } = line
  const run = (argv: Argv) => io.change(target.ssh, argv)
  const { sides, hook, othersFilter } = await capState(line, io)
  for (const direction of directions)
    for (const preference of sides[direction].preferences)
      await run(undivert(spec.backup.interface, direction, preference))
  for (const direction of directions) if (sides[direction].device) await run(removeDevice(direction))
  if (hook && !othersFilter) await run(removeHook(spec.backup.interface))
}
