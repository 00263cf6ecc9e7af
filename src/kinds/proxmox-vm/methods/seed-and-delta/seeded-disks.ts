import type { ReadIo } from '../../../../model/io.ts'
import { disksOf } from '../../client/property-string.ts'
import { readPve } from '../../client/read.ts'
import { volumePath } from '../../machine/host-commands.ts'
import type { Ends, MachineSide } from '../../sides.ts'
import { stampOf } from '../../whole-disk/commands.ts'
import { imageInfo } from './commands.ts'
import type { SeededDisk } from './notes.ts'

/** The machine's disks as they are now, each with its place at the target. */
export async function disksNow(io: ReadIo, { source, target }: Ends): Promise<SeededDisk[]> {
  const config = await readPve(source, io).config()
  return Promise.all(
    disksOf(config).map(async ({ slot, volume }, index): Promise<SeededDisk> => {
      const targetVolume = volumeAt(target, index)
      const [sourcePath, targetPath] = await Promise.all([
        pathOf(io, source, volume),
        pathOf(io, target, targetVolume),
      ])
      const info = await infoOf(io, source, sourcePath)
      return { slot, sourceVolume: volume, sourcePath, targetVolume, targetPath, sizeBytes: info.sizeBytes }
    }),
  )
}

/** As PVE names the images of a machine on a storage of files. */
export const volumeAt = ({ spec, vmid }: MachineSide, index: number): string =>
  `${spec.target.storage}:${vmid}/vm-${vmid}-disk-${index}.qcow2`

export async function pathOf(io: ReadIo, { host }: MachineSide, volume: string): Promise<string> {
  return (await io.read(host.ssh, volumePath(volume))).stdout.trim()
}

export type ImageInfo = { sizeBytes: number; usedBytes: number; bitmaps: { name: string; usable: boolean }[] }

export async function infoOf(io: ReadIo, { host }: MachineSide, path: string): Promise<ImageInfo> {
  const { stdout } = await io.read(host.ssh, imageInfo(path))
  return parseInfo(stdout)
}

/** The answer of `qemu-img info --output=json`. A bitmap in use by nobody is one that was not stored. */
export function parseInfo(stdout: string): ImageInfo {
  const info = JSON.parse(stdout) as {
    'virtual-size': number
    'actual-size': number
    'format-specific'?: { data?: { bitmaps?: { name: string; flags: string[] }[] } }
  }
  const bitmaps = info['format-specific']?.data?.bitmaps ?? []
  return {
    sizeBytes: info['virtual-size'],
    usedBytes: info['actual-size'],
    bitmaps: bitmaps.map(({ name, flags }) => ({ name, usable: !flags.includes('in-use') })),
  }
}

/** Whether two lists are the same disks: a machine whose disks changed needs a full copy. */
export const sameDisks = (left: readonly SeededDisk[], right: readonly SeededDisk[]): boolean =>
  JSON.stringify(left) === JSON.stringify(right)

export const sourceDisks = (disks: readonly SeededDisk[]) =>
  disks.map(({ slot, sourcePath }) => ({ slot, path: sourcePath }))
export const targetDisks = (disks: readonly SeededDisk[]) =>
  disks.map(({ slot, targetPath }) => ({ slot, path: targetPath }))

/** The target's images as one text that changes with any write to them. */
export async function targetStamp(
  io: ReadIo,
  { host }: MachineSide,
  disks: readonly SeededDisk[],
): Promise<string> {
  return (await io.read(host.ssh, stampOf(disks.map(({ targetPath }) => targetPath)))).stdout
}
