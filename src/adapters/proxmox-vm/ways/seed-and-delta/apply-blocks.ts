import type { ChangeIo } from '../../../../model/io.ts'
import type { MachineSide } from '../../sides.ts'
import { commitBlocks, standOn, toDisk } from './commands.ts'

/**
 * Writes what changed into the image. Ended at any point it can be done again: the blocks stay in the upper file, and those
 * below are only ever overwritten with the same.
 */
export async function applyBlocks(
  io: ChangeIo,
  { host }: MachineSide,
  changed: string,
  image: string,
): Promise<void> {
  await io.change(host.ssh, standOn(changed, image))
  await io.change(host.ssh, commitBlocks(changed))
  await io.change(host.ssh, toDisk(image))
}
