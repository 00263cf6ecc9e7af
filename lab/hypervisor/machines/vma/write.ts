import {
  blockBytes,
  blocksPerCluster,
  clusterBytes,
  clusterCount,
  clustersPerExtent,
  extentAt,
  extentHeaderBytes,
  extentMagic,
  largestExtentBytes,
  sumWithout,
  type VmaDisk,
  type VmaHeader,
} from './layout.ts'
import { formatHeader } from './write-header.ts'

/** Reads up to `length` bytes from `offset` on into `into`; what it does not fill counts as zeros. */
export type ReadDisk = (into: Buffer, offset: number) => Promise<void>
export type WritableDisk = VmaDisk & { read: ReadDisk }
export type WriteProgress = { readBytes: number; totalBytes: number; zeroBytes: number }

const zeroBlock = Buffer.alloc(blockBytes)

/** The archive, piece by piece: the header, then one buffer an extent. Disks follow one after the other. */
export async function* writeVma(
  header: Omit<VmaHeader, 'disks'> & { disks: readonly WritableDisk[] },
  onProgress: (progress: WriteProgress) => void = () => {},
): AsyncGenerator<Buffer> {
  yield formatHeader({ ...header, disks: [...header.disks] })
  const progress = {
    readBytes: 0,
    zeroBytes: 0,
    totalBytes: header.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0),
  }
  let extent = new Extent(header.uuid)
  const cluster = Buffer.alloc(clusterBytes)
  for (const disk of header.disks) {
    for (let number = 0; number < clusterCount(disk.sizeBytes); number++) {
      const offset = number * clusterBytes
      const length = Math.min(clusterBytes, disk.sizeBytes - offset)
      await disk.read(cluster.subarray(0, length), offset)
      // The last cluster may be cut: what stood in the buffer before must not get into the archive.
      cluster.fill(0, length)
      const stored = extent.add(disk.id, number, cluster)
      progress.readBytes += length
      progress.zeroBytes += Math.max(0, length - stored)
      onProgress(progress)
      if (extent.isFull) {
        yield extent.finish()
        extent = new Extent(header.uuid)
      }
    }
  }
  if (!extent.isEmpty) yield extent.finish()
}

class Extent {
  private readonly buffer = Buffer.allocUnsafe(largestExtentBytes)
  private clusters = 0
  private end = extentHeaderBytes
  constructor(uuid: Buffer) {
    this.buffer.fill(0, 0, extentHeaderBytes)
    extentMagic.copy(this.buffer, extentAt.magic)
    uuid.copy(this.buffer, extentAt.uuid)
  }
  get isFull(): boolean {
    return this.clusters === clustersPerExtent
  }
  get isEmpty(): boolean {
    return this.clusters === 0
  }

  /** Returns the bytes that had to be stored. */
  add(device: number, number: number, cluster: Buffer): number {
    let mask = 0
    const start = this.end
    for (let block = 0; block < blocksPerCluster; block++) {
      const data = cluster.subarray(block * blockBytes, (block + 1) * blockBytes)
      if (data.equals(zeroBlock)) continue
      mask |= 1 << block
      data.copy(this.buffer, this.end)
      this.end += blockBytes
    }
    const at = extentAt.clusters + 8 * this.clusters++
    this.buffer.writeUInt16BE(mask, at)
    this.buffer.writeUInt8(device, at + 3)
    this.buffer.writeUInt32BE(number, at + 4)
    return this.end - start
  }

  finish(): Buffer {
    this.buffer.writeUInt16BE((this.end - extentHeaderBytes) / blockBytes, extentAt.blockCount)
    sumWithout(this.buffer.subarray(0, extentHeaderBytes), extentAt.md5).copy(this.buffer, extentAt.md5)
    return this.buffer.subarray(0, this.end)
  }
}
