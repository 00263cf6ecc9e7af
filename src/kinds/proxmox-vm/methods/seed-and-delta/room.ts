import { posix } from 'node:path'
import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import type { Ends } from '../../machine/ends.ts'
import type { MachineSide } from '../../sides.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import { freeBytes } from './commands.ts'
import type { SeededDisk } from './notes.ts'
import { infoOf } from './seeded-disks.ts'

/** A full copy stands at the source until it has arrived, then at the target. A storage that is full stops every guest on it. */
const keptFree = 1.1

/** Throws Failure when a copy of what the disks hold now would not fit. */
export async function requireRoom(io: ChangeIo, ends: Ends, disks: readonly SeededDisk[]): Promise<void> {
  const used = await Promise.all(disks.map(disk => infoOf(io, ends.source, disk.sourcePath)))
  const wanted = Math.ceil(used.reduce((sum, { usedBytes }) => sum + usedBytes, 0) * keptFree)
  const folder = posix.dirname(disks[0]?.targetPath ?? '/')
  await io.change(ends.target.host.ssh, ['mkdir', '-p', '--', folder])
  await Promise.all([
    requireFree(io, ends.source, ends.source.staging, wanted),
    requireFree(io, ends.target, folder, wanted),
  ])
}

async function requireFree(io: ReadIo, at: MachineSide, path: string, wanted: number): Promise<void> {
  const { stdout } = await io.read(at.host.ssh, freeBytes(path))
  const free = Number(/(\d+)\s*$/.exec(stdout)?.[1] ?? 0)
  if (free >= wanted) return
  const sizes = { free: freeGigabytes(free), wanted: neededGigabytes(wanted) }
  const values = { component: at.component, host: at.host.ssh, path, ...sizes }
  throw new Failure(
    { key: 'proxmox-vm.delta.noRoom', values },
    { remedy: { key: 'proxmox-vm.delta.noRoom.remedy', values } },
  )
}
