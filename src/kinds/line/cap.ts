import type { Argv, ChangeIo } from '../../model/io.ts'
import {
  directions,
  divert,
  makeDevice,
  makeHook,
  pairsOf,
  removeDevice,
  removeHook,
  undivert,
} from './cap-commands.ts'
import { capState, isCapped } from './cap-state.ts'
import type { WanLine } from './wan-line.ts'

/** Devices first, then what leads to them: nothing is ever led to a device that does not pass it on. */
export async function hold(line: WanLine, io: ChangeIo): Promise<void> {
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

export async function release(line: WanLine, io: ChangeIo): Promise<void> {
  const { spec, target } = line
  const run = (argv: Argv) => io.change(target.ssh, argv)
  const { sides, hook, othersFilter } = await capState(line, io)
  for (const direction of directions)
    for (const preference of sides[direction].preferences)
      await run(undivert(spec.backup.interface, direction, preference))
  for (const direction of directions) if (sides[direction].device) await run(removeDevice(direction))
  if (hook && !othersFilter) await run(removeHook(spec.backup.interface))
}
