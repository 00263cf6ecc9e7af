import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../shell.ts'
import { bootSector, filesDirectory } from './parts.ts'

const sectorBytes = 512
const megabyte = 1024 * 1024
export const diskBytes = 512 * megabyte
/** First a small FAT, for syslinux; the rest is the root. Both begin on whole megabytes. */
const bootPartition = { startBytes: megabyte, sizeBytes: 31 * megabyte, type: 0x0c, active: true }
export const rootPartition = {
  startBytes: 32 * megabyte,
  sizeBytes: diskBytes - 32 * megabyte,
  type: 0x83,
  active: false,
}

/** The first sector: boot code, and the two partitions by number of sectors (the old addresses of cylinders are unused). */
export function partitionTable(bootCode: Buffer): Buffer {
  const sector = Buffer.alloc(sectorBytes)
  bootCode.copy(sector, 0, 0, 440)
  sector.writeUInt32LE(0xba5c01e, 440)
  for (const [index, { startBytes, sizeBytes, type, active }] of [bootPartition, rootPartition].entries()) {
    const at = 446 + index * 16
    sector[at] = active ? 0x80 : 0
    sector.fill(0xff, at + 1, at + 4)
    sector[at + 4] = type
    sector.fill(0xff, at + 5, at + 8)
    sector.writeUInt32LE(startBytes / sectorBytes, at + 8)
    sector.writeUInt32LE(sizeBytes / sectorBytes, at + 12)
  }
  sector.writeUInt16LE(0xaa55, 510)
  return sector
}

export type DiskParts = { kernel: string; initrd: string; rootTree: string }

/** Makes a raw disk that boots by itself. No loop device and no mount: every tool writes into the file. */
export async function makeDisk(file: string, parts: DiskParts): Promise<void> {
  const disk = openSync(file, 'w', 0o600)
  ftruncateSync(disk, diskBytes)
  writeSync(disk, partitionTable(readFileSync(bootSector)))
  closeSync(disk)
  await makeBootPartition(file, parts)
  await makeRoot(file, parts.rootTree)
}

async function makeBootPartition(file: string, { kernel, initrd }: DiskParts): Promise<void> {
  const partition = `${file}@@${bootPartition.startBytes}`
  const sectors = String(bootPartition.sizeBytes / sectorBytes)
  const hidden = String(bootPartition.startBytes / sectorBytes)
  const geometry = ['-T', sectors, '-h', '16', '-s', '63', '-H', hidden]
  await run(['mformat', '-i', partition, ...geometry, '-N', '0ba5c01e', '-v', 'BASCULE', '::'])
  for (const [from, to] of [
    [kernel, 'vmlinuz'],
    [initrd, 'initrd'],
    [join(filesDirectory, 'syslinux.cfg'), 'syslinux.cfg'],
  ])
    await run(['mcopy', '-i', partition, from ?? '', `::${to}`])
  await run(['syslinux', '--install', '--offset', String(bootPartition.startBytes), file])
}

/**
 * Everything is laid out now (no lazy initialisation): a guest at rest writes nothing that a delta would carry. Small blocks
 * because the smallest journal has 1024 of them: written round and round, all of it travels with every delta.
 */
async function makeRoot(file: string, tree: string): Promise<void> {
  const extended = [
    `offset=${rootPartition.startBytes}`,
    'lazy_itable_init=0',
    'lazy_journal_init=0',
    'root_owner=0:0',
    'hash_seed=0ba5c01e-0000-4000-8000-000000000000',
  ]
  const kilobytes = String(rootPartition.sizeBytes / 1024)
  await run([
    ...['mke2fs', '-q', '-F', '-t', 'ext4', '-b', '1024', '-m', '1', '-L', 'guest', '-J', 'size=1'],
    ...['-U', '0ba5c01e-0000-4000-8000-000000000001', '-E', extended.join(','), '-d', tree],
    ...[file, `${kilobytes}k`],
  ])
}
