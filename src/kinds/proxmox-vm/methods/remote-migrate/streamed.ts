import type { ReadIo } from '../../../../model/io.ts'
import { diskSizeBytes, disksOf } from '../../client/property-string.ts'
import { readPve } from '../../client/read.ts'
import type { Ends } from '../../machine/ends.ts'
import { sizeOf } from '../../machine/host-commands.ts'
import { imagesAt } from '../../whole-disk/disks.ts'

/**
 * What PVE's streams carry, since its tasks do not tell it in all cases: off, a qcow2 image as its file is and a raw one with all its
 * zeros, neither compressed; running, the clusters in use and the memory.
 */
export async function streamedBytes(
  io: ReadIo,
  { source }: Ends,
  { online }: { online: boolean },
): Promise<{ imageBytes: number; sentBytes: number }> {
  const config = await readPve(source, io).config()
  const sizes = new Map(disksOf(config).map(({ slot, options }) => [slot, diskSizeBytes(options.size)]))
  let imageBytes = 0
  for (const [slot, { path, format }] of await imagesAt(io, source)) {
    const provisioned = sizes.get(slot)
    const known = format === 'raw' && provisioned !== undefined
    imageBytes += known ? provisioned : Number((await io.read(source.host.ssh, sizeOf(path))).stdout)
  }
  const memoryBytes = online ? Number(config.memory ?? 512) * 1024 ** 2 : 0
  return { imageBytes, sentBytes: imageBytes + memoryBytes }
}
