import type { ChangeIo } from '../../../../model/io.ts'
import { removeFile } from '../../machine/host-commands.ts'
import type { MachineSide } from '../../sides.ts'
import type { Node } from './bitmaps.ts'
import { createImage } from './commands.ts'
import type { Copied } from './jobs.ts'

/** Empty images of the disks' sizes, one a node, for a copy job to write into; what an earlier job left there is removed. */
export async function freshCopies(
  io: ChangeIo,
  { host }: MachineSide,
  disks: readonly { slot: string; sizeBytes: number }[],
  nodes: readonly Node[],
  fileOf: (slot: string) => string,
): Promise<Copied[]> {
  for (const { slot, sizeBytes } of disks) {
    await io.change(host.ssh, removeFile(fileOf(slot)))
    await io.change(host.ssh, createImage(fileOf(slot), sizeBytes))
  }
  return disks.map(({ slot }, index) => ({ slot, node: nodes[index]?.name ?? '', into: fileOf(slot) }))
}
