import { dirname } from 'node:path/posix'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { privateFolder, removeFile, removeFolder } from '../machine/host-commands.ts'
import type { Ends, MachineSide } from '../sides.ts'
import type { CopyReport } from '../transfer/output.ts'
import { fetchDisk, requireSameHash } from '../transfer/run.ts'
import type { DiskPair, Image } from '../whole-disk/disks.ts'
import { activate, behindLinks, convert, isBlockDevice, keepAside } from './commands.ts'

/**
 * Makes the source's image equal to the target's, whose machine is off, and proves it by hash. May be run again after any end.
 *
 * `keepOld`: the image as it was before stays beside, because it holds snapshots that the target never had.
 */
export async function copyDiskBack(
  io: ChangeIo,
  ends: Ends,
  { slot, ...images }: DiskPair,
  { keepOld }: { keepOld: boolean },
): Promise<CopyReport> {
  const [source, target] = await Promise.all([
    inUse(io, ends.source, images.source),
    inUse(io, ends.target, images.target),
  ])
  const inPlace = await isDevice(io, ends.source.host.ssh, source.path)
  const temporary = `${dirname(source.path)}/.bascule-return`
  const from = await inSourceFormat(io, ends.target, slot, target, source.format)
  if (!inPlace) {
    await io.change(ends.source.host.ssh, removeFolder(temporary))
    await io.change(ends.source.host.ssh, privateFolder(temporary))
    if (keepOld) await keepOnce(io, ends.source, source.path)
  }
  const disk = { from: from.path, onto: source.path }
  const report = await fetchDisk(io, ends, inPlace ? disk : { ...disk, temporary })
  await requireSameHash(io, { side: ends.target, path: from.path }, { side: ends.source, path: source.path })
  if (!inPlace) await io.change(ends.source.host.ssh, removeFolder(temporary))
  if (from !== target) await io.change(ends.target.host.ssh, removeFile(from.path))
  return report
}

/** The target's image itself, or a copy of it in the format that the source keeps. */
async function inSourceFormat(
  io: ChangeIo,
  target: MachineSide,
  slot: string,
  image: Image,
  format: Image['format'],
): Promise<Image> {
  if (image.format === format) return image
  const copy: Image = { path: `${target.staging}/return-${slot}.${format}`, format }
  await io.change(target.host.ssh, privateFolder(target.staging))
  await io.change(target.host.ssh, convert(image, copy))
  return copy
}

async function keepOnce(io: ChangeIo, { host }: MachineSide, path: string): Promise<void> {
  const aside = `${path}.before-return`
  const there = await io.read(host.ssh, ['test', '-e', aside], { allowFailure: true })
  // An earlier attempt kept it; the image that stands there now may be the new one already.
  if (there.exitCode !== 0) await io.change(host.ssh, keepAside(path, aside))
}

/** A logical volume of a machine that is off has no device until it is taken into use. */
async function inUse(io: ChangeIo, { host }: MachineSide, { path, format }: Image): Promise<Image> {
  const isVolume = path.startsWith('/dev/') && !path.startsWith('/dev/zvol/')
  if (isVolume && !(await isDevice(io, host.ssh, path))) await io.change(host.ssh, activate(path))
  return { path: (await io.read(host.ssh, behindLinks(path))).stdout.trim(), format }
}

async function isDevice(io: ReadIo, ssh: string, path: string): Promise<boolean> {
  return (await io.read(ssh, isBlockDevice(path), { allowFailure: true })).exitCode === 0
}
