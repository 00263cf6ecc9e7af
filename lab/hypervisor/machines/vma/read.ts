import { Bytes } from './bytes.ts'
import {
  blockBytes,
  blocksPerCluster,
  clusterBytes,
  clusterCount,
  clustersPerExtent,
  extentAt,
  extentHeaderBytes,
  extentMagic,
  sumWithout,
  type VmaDisk,
  type VmaHeader,
} from './layout.ts'
import { readHeader } from './read-header.ts'
import { VmaError } from './vma-error.ts'

export type VmaReader = {
  /** Called once, before any data. */
  header(header: VmaHeader): void | Promise<void>
  /** Data that is not zero, inside the disk's size; everything that is never given is zeros. */
  data(disk: VmaDisk, offset: number, data: Buffer): void | Promise<void>
}
export type ReadTotals = { readBytes: number; zeroBytes: number }

/**
 * Reads a whole archive. Throws a VmaError for anything wrong: sums, marks, clusters that are missing, named twice
 * or beyond the disk's end, data that stops early.
 */
export async function readVma(source: AsyncIterable<Buffer>, reader: VmaReader): Promise<ReadTotals> {
  const bytes = new Bytes(source)
  const header = await readHeader(bytes)
  await reader.header(header)
  const seen = new Map(header.disks.map(disk => [disk.id, new Uint8Array(clusterCount(disk.sizeBytes))]))
  const totals = { readBytes: 0, zeroBytes: 0 }
  for (;;) {
    const head = await bytes.take(extentHeaderBytes)
    if (head.length === 0) break
    checkExtent(head, header.uuid)
    const blockCount = head.readUInt16BE(extentAt.blockCount)
    const data = await bytes.take(blockCount * blockBytes)
    if (data.length < blockCount * blockBytes) throw new VmaError('short vma extent - archive ends early')
    await readExtent(head, data, header, seen, totals, reader)
  }
  for (const { id, name } of header.disks) {
    const missing = seen.get(id)?.indexOf(0) ?? -1
    if (missing >= 0) throw new VmaError(`missing cluster ${missing} for stream ${name}`)
  }
  return totals
}

function checkExtent(head: Buffer, uuid: Buffer): void {
  if (head.length < extentHeaderBytes) throw new VmaError('short vma extent header')
  if (!head.subarray(0, 4).equals(extentMagic)) throw new VmaError('wrong vma extent header magic')
  if (!head.subarray(extentAt.uuid, extentAt.uuid + 16).equals(uuid))
    throw new VmaError('wrong vma extent uuid')
  if (!head.subarray(extentAt.md5, extentAt.md5 + 16).equals(sumWithout(head, extentAt.md5)))
    throw new VmaError('wrong vma extent header checksum')
}

async function readExtent(
  head: Buffer,
  data: Buffer,
  header: VmaHeader,
  seen: Map<number, Uint8Array>,
  totals: ReadTotals,
  reader: VmaReader,
): Promise<void> {
  let position = 0
  for (let index = 0; index < clustersPerExtent; index++) {
    const at = extentAt.clusters + 8 * index
    const device = head.readUInt8(at + 3)
    if (device === 0) continue
    const disk = header.disks.find(({ id }) => id === device)
    const marks = seen.get(device)
    const number = head.readUInt32BE(at + 4)
    if (!disk || !marks) throw new VmaError(`got wrong dev id ${device}`)
    if (number >= marks.length) throw new VmaError('got wrong block address - write beyond end')
    if (marks[number]) throw new VmaError(`found duplicated cluster ${number} for stream ${disk.name}`)
    marks[number] = 1
    const mask = head.readUInt16BE(at)
    for (const run of runsOf(mask)) {
      const length = run.blocks * blockBytes
      if (position + length > data.length) throw new VmaError('short vma extent - too many blocks')
      const offset = number * clusterBytes + run.first * blockBytes
      const inside = Math.min(length, disk.sizeBytes - offset)
      if (inside <= 0) throw new VmaError('got wrong block address - write beyond end')
      await reader.data(disk, offset, data.subarray(position, position + inside))
      position += length
    }
    const clusterLength = Math.min(clusterBytes, disk.sizeBytes - number * clusterBytes)
    totals.readBytes += clusterLength
    totals.zeroBytes += Math.max(0, clusterLength - blocksIn(mask) * blockBytes)
  }
  if (position !== data.length) throw new VmaError('wrong vma extent - data that no cluster names')
}

/** Stored blocks that stand side by side. */
function runsOf(mask: number): { first: number; blocks: number }[] {
  const runs: { first: number; blocks: number }[] = []
  for (let block = 0; block < blocksPerCluster; block++) {
    if ((mask & (1 << block)) === 0) continue
    const last = runs.at(-1)
    if (last && last.first + last.blocks === block) last.blocks++
    else runs.push({ first: block, blocks: 1 })
  }
  return runs
}
const blocksIn = (mask: number): number => runsOf(mask).reduce((sum, run) => sum + run.blocks, 0)
