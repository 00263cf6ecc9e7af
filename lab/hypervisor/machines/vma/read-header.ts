import type { Bytes } from './bytes.ts'
import {
  deviceBytes,
  fixedHeaderBytes,
  headerAt,
  magic,
  sumWithout,
  tableLength,
  type VmaHeader,
} from './layout.ts'
import { VmaError } from './vma-error.ts'

/** More than any archive has: 256 names and 256 configurations of 64 KiB. */
const largestHeaderBytes = 64 * 2 ** 20

export async function readHeader(bytes: Bytes): Promise<VmaHeader> {
  const fixed = await bytes.take(fixedHeaderBytes)
  if (fixed.length < fixedHeaderBytes || !fixed.subarray(0, 4).equals(magic))
    throw new VmaError('not a vma archive: wrong vma header magic')
  const version = fixed.readUInt32BE(headerAt.version)
  if (version !== 1) throw new VmaError(`wrong vma version ${version}`)
  const headerBytes = fixed.readUInt32BE(headerAt.headerBytes)
  if (headerBytes < fixedHeaderBytes || headerBytes > largestHeaderBytes)
    throw new VmaError('wrong vma header size')
  const header = Buffer.concat([fixed, await bytes.take(headerBytes - fixedHeaderBytes)])
  if (header.length < headerBytes) throw new VmaError('short vma header')
  if (!header.subarray(headerAt.md5, headerAt.md5 + 16).equals(sumWithout(header, headerAt.md5)))
    throw new VmaError('wrong vma header checksum')
  return parse(header)
}

function parse(header: Buffer): VmaHeader {
  const start = header.readUInt32BE(headerAt.blobOffset)
  const end = start + header.readUInt32BE(headerAt.blobBytes)
  if (start < fixedHeaderBytes || end > header.length) throw new VmaError('wrong vma blob buffer')
  const blob = (position: number): Buffer => {
    const at = start + position
    const length = at + 2 <= end ? header.readUInt16LE(at) : Number.POSITIVE_INFINITY
    if (at + 2 + length > end) throw new VmaError('wrong vma blob position')
    return header.subarray(at + 2, at + 2 + length)
  }
  const text = (position: number): string => blob(position).toString('utf8').replace(/\0$/, '')
  const indexes = Array.from({ length: tableLength }, (_, index) => index)
  return {
    uuid: header.subarray(headerAt.uuid, headerAt.uuid + 16),
    createdAtSeconds: Number(header.readBigUInt64BE(headerAt.createdAt)),
    configs: indexes.flatMap(index => {
      const name = header.readUInt32BE(headerAt.configNames + 4 * index)
      const data = header.readUInt32BE(headerAt.configData + 4 * index)
      return name && data ? [{ name: text(name), data: blob(data) }] : []
    }),
    disks: indexes.slice(1).flatMap(id => {
      const at = headerAt.devices + deviceBytes * id
      const name = header.readUInt32BE(at)
      const sizeBytes = Number(header.readBigUInt64BE(at + 8))
      return name && sizeBytes ? [{ id, name: text(name), sizeBytes }] : []
    }),
  }
}
