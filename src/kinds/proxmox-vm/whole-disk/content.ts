import type { ChangeIo } from '../../../model/io.ts'
import { privateFolder, removeFile } from '../machine/host-commands.ts'
import type { MachineSide } from '../sides.ts'
import { hashAt } from '../transfer/run.ts'
import { flatten } from './commands.ts'
import type { Image } from './disks.ts'

/** SHA-256 of what a guest would read from the disk, whatever the image's format and layout. The machine must be off. */
export async function contentHash(
  io: ChangeIo,
  side: MachineSide,
  slot: string,
  image: Image,
): Promise<string> {
  if (image.format === 'raw') return hashAt(io, side, image.path)
  const flat = `${side.staging}/compare-${slot}.raw`
  await io.change(side.host.ssh, privateFolder(side.staging))
  try {
    await io.change(side.host.ssh, flatten(image, flat))
    return await hashAt(io, side, flat)
  } finally {
    if (!io.signal.aborted) await io.change(side.host.ssh, removeFile(flat))
  }
}
