import type { ReadIo } from '../../../model/io.ts'
import type { MachineSide } from '../sides.ts'
import { stampOf } from './commands.ts'
import { imagesAt } from './disks.ts'

/**
 * The source's images as one text that changes with any write to them. Undefined where that cannot be told: a block device
 * does not note when it was written.
 */
export async function stampAt(io: ReadIo, source: MachineSide): Promise<string | undefined> {
  const paths = [...(await imagesAt(io, source)).values()].map(({ path }) => path)
  if (paths.length === 0 || paths.some(path => path.startsWith('/dev/'))) return undefined
  return (await io.read(source.host.ssh, stampOf(paths))).stdout
}
