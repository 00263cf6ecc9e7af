import { Failure } from '../../../../model/failure.ts'
import { secondsBetween } from '../../../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { changePve } from '../../client/change.ts'
import { disksOf } from '../../client/property-string.ts'
import { readPve } from '../../client/read.ts'
import { takenBlocks } from '../../failback/commands.ts'
import { awaitTasks, statusAt } from '../../machine/existing.ts'
import { onlyForOwner, volumePath } from '../../machine/host-commands.ts'
import type { Transfer } from '../../machine/target-vm-record.ts'
import type { Ends, MachineSide } from '../../sides.ts'
import { hashAt, requireSameHash, sendFile } from '../../transfer/run.ts'
import { imagesAt, stampAt } from '../../whole-disk/disks.ts'
import { clearArriving, expectArchive, takeIn } from './arriving.ts'
import { type Archive, readArchive, writeArchive } from './note.ts'
import { markOf, ours, removeAtSource, removeSuperseded } from './remove.ts'
import { backupStorage, storageOf } from './storage.ts'

export type Brought = { archive: Archive; transfer: Transfer }

/**
 * An archive of the machine, made at the source, sent, proven by its hash at both ends, and only then under its own name in the
 * target's storage. Older archives of ours are removed at both sites. What an attempt that was cut short has made or sent is
 * used by the next.
 */
export async function bringArchive(
  io: ChangeIo,
  ends: Ends,
  { off, limitMbps }: { off: boolean; limitMbps?: number | undefined },
): Promise<Brought> {
  const { source, target } = ends
  const began = io.now()
  await awaitTasks(io, source)
  const archive = (await unsent(io, source, off)) ?? (await afresh(io, ends, { off }))
  const there = await readArchive(io, target)
  const isThere = there?.at === archive.at && there.sizeBytes === archive.sizeBytes
  const arrived = isThere ? { archive: there, sentBytes: 0 } : await send(io, ends, archive, there, limitMbps)
  await removeSuperseded(io, target, arrived.archive)
  await removeAtSource(io, source)
  await clearArriving(io, target)
  const seconds = secondsBetween(began, io.now())
  const transfer = { imageBytes: archive.imageBytes, sentBytes: arrived.sentBytes, seconds }
  return { archive: arrived.archive, transfer }
}

/** The same of a machine as it is found, that runs unless somebody has turned it off. */
export async function bringWhileServing(io: ChangeIo, ends: Ends) {
  const status = await statusAt(io, ends.source)
  const off = status?.status !== 'running'
  const limitMbps = ends.spec.bandwidthLimitMbps
  const { archive, transfer } = await bringArchive(io, ends, { off, limitMbps })
  return { archive: archive.volid, sizeBytes: archive.sizeBytes, at: archive.at, transfer }
}

/** What was sent of an older archive is worth nothing to this one, and would lie beside it. */
async function afresh(io: ChangeIo, { source, target }: Ends, how: { off: boolean }): Promise<Archive> {
  await clearArriving(io, target)
  return dump(io, source, how)
}

/** Sends it under another name, proves it, and gives it its own: what PVE lists is whole. */
async function send(
  io: ChangeIo,
  { source, target }: Ends,
  archive: Archive,
  there: Archive | undefined,
  limitMbps: number | undefined,
): Promise<{ archive: Archive; sentBytes: number }> {
  const { storage } = await backupStorage(io, target)
  const volid = `${storage}:${archive.volid.slice(storageOf(archive.volid).length + 1)}`
  const path = (await io.read(target.host.ssh, volumePath(volid))).stdout.trim()
  const coming = await expectArchive(io, target, path)
  const hash = hashAt(io, source, archive.path)
  // It is awaited below; should sending fail first, its own failure says nothing more.
  hash.catch(() => undefined)
  const file = { from: archive.path, to: coming, sizeBytes: archive.sizeBytes }
  const { sentBytes } = await sendFile(io, { source, target, limitMbps }, file)
  const sha256 = await requireSameHash(
    io,
    { side: source, path: archive.path, hash },
    { side: target, path: coming },
  )
  await takeIn(io, target, path)
  const superseded = there === undefined ? [] : [there.volid, ...(there.superseded ?? [])]
  const arrived: Archive = { ...archive, volid, path, sha256, superseded }
  await writeArchive(io, target, arrived)
  return { archive: arrived, sentBytes }
}

/**
 * What an earlier attempt has made and not yet sent. Of a machine that is off it must hold the images as they are now; of one that runs,
 * any state is one it was in.
 */
async function unsent(io: ChangeIo, source: MachineSide, off: boolean): Promise<Archive | undefined> {
  const archive = await readArchive(io, source)
  if (archive === undefined || !off) return archive
  return archive.stamp !== undefined && archive.stamp === (await stampAt(io, source)) ? archive : undefined
}

/**
 * A whole dump of the machine as it is now, kept for its owner alone. `off`: it must be off, and what is kept says which state of its
 * images this is; else it goes on running, and its agent freezes its filesystems for the instant in which the dump begins.
 */
async function dump(io: ChangeIo, source: MachineSide, { off }: { off: boolean }): Promise<Archive> {
  await requireEveryDisk(io, source)
  const { storage } = await backupStorage(io, source)
  const before = new Set((await ours(io, source, storage)).map(({ volid }) => volid))
  const at = io.now()
  await changePve(source, io).dump({
    storage,
    mode: off ? 'stop' : 'snapshot',
    compress: 'zstd',
    'notes-template': markOf(source),
    // PVE would prune by the storage's own rules, and so may remove what others count on.
    remove: false,
  })
  const made = (await ours(io, source, storage)).find(({ volid }) => !before.has(volid))
  if (made === undefined) throw notFound(source, storage)
  const path = (await io.read(source.host.ssh, volumePath(made.volid))).stdout.trim()
  await protect(io, source, path)
  // After the dump: making it may itself touch the images.
  const stamp = off ? await stampAt(io, source) : undefined
  const archive: Archive = {
    volid: made.volid,
    path,
    sizeBytes: made.size,
    at,
    imageBytes: await takenBytes(io, source),
    ...(stamp !== undefined && { stamp }),
  }
  await writeArchive(io, source, archive)
  return archive
}

/** vzdump excludes what is marked `backup=0`, and says so only in its log: the machine would arrive without that disk. */
async function requireEveryDisk(io: ReadIo, source: MachineSide): Promise<void> {
  const left = disksOf(await readPve(source, io).config()).filter(({ options }) => options.backup === '0')
  if (left.length === 0) return
  const slots = left.map(({ slot }) => slot).join(', ')
  const values = { component: source.component, slots, host: source.host.ssh, vmid: source.vmid }
  throw new Failure(
    { key: 'proxmox-vm.backup.excluded', values },
    { remedy: { key: 'proxmox-vm.backup.excluded.remedy', values } },
  )
}

async function protect(io: ChangeIo, { host }: MachineSide, path: string): Promise<void> {
  await io.change(host.ssh, onlyForOwner(path))
  for (const beside of companions(path)) {
    await io.change(host.ssh, onlyForOwner(beside), { allowFailure: true })
  }
}

async function takenBytes(io: ReadIo, side: MachineSide): Promise<number> {
  const images = [...(await imagesAt(io, side)).values()]
  const blocks = images.map(({ path }) => io.read(side.host.ssh, takenBlocks(path)))
  return (await Promise.all(blocks)).reduce((sum, { stdout }) => sum + Number(stdout) * 512, 0)
}

const notFound = (source: MachineSide, storage: string): Failure =>
  new Failure(
    { key: 'proxmox-vm.backup.notFound', values: { component: source.component, storage } },
    {
      remedy: {
        key: 'proxmox-vm.backup.notFound.remedy',
        values: { host: source.host.ssh, storage },
      },
    },
  )

/** What may stand beside an archive: PVE keeps its task's log and its notes there, readable by all. */
const companions = (archivePath: string): string[] => [
  `${archivePath.replace(/\.vma(\.\w+)?$/, '')}.log`,
  `${archivePath}.notes`,
]
