import { createHash } from 'node:crypto'

/**
 * The Virtual Machine Archive (VMA, version 1): a header with blobs (configuration files) and devices (disks), then
 * extents of up to 59 clusters. All numbers are big endian, but the two bytes of length before each blob. Only
 * blocks that are not all zero are stored; every cluster is named once, also when nothing of it is stored.
 */
export const blockBytes = 4096
export const blocksPerCluster = 16
export const clusterBytes = blockBytes * blocksPerCluster
export const clustersPerExtent = 59
export const extentHeaderBytes = 512
export const largestExtentBytes = extentHeaderBytes + clustersPerExtent * clusterBytes
export const fixedHeaderBytes = 12_288
/** Blob positions, devices and configurations are tables of 256. */
export const tableLength = 256

export const headerAt = {
  magic: 0,
  version: 4,
  uuid: 8,
  createdAt: 24,
  md5: 32,
  blobOffset: 48,
  blobBytes: 52,
  headerBytes: 56,
  configNames: 2044,
  configData: 3068,
  devices: 4096,
} as const
export const deviceBytes = 32
export const extentAt = { magic: 0, blockCount: 6, uuid: 8, md5: 24, clusters: 40 } as const

export const magic = Buffer.from('VMA\0', 'latin1')
export const extentMagic = Buffer.from('VMAE', 'latin1')

export type VmaDisk = { id: number; name: string; sizeBytes: number }
export type VmaHeader = {
  uuid: Buffer
  createdAtSeconds: number
  configs: { name: string; data: Buffer }[]
  disks: VmaDisk[]
}

export const clusterCount = (sizeBytes: number): number => Math.ceil(sizeBytes / clusterBytes)

/** MD5 of a header with its own place of the sum filled with zeros. */
export function sumWithout(header: Buffer, at: number): Buffer {
  const md5 = createHash('md5')
  md5.update(header.subarray(0, at))
  md5.update(Buffer.alloc(16))
  md5.update(header.subarray(at + 16))
  return md5.digest()
}
