import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import type { Volume } from '../../client/answers.ts'
import { changePve } from '../../client/change.ts'
import { disksOf } from '../../client/property-string.ts'
import { readPve } from '../../client/read.ts'
import { takenBlocks } from '../../failback/commands.ts'
import { onlyForOwner, volumePath } from '../../machine/host-commands.ts'
import type { MachineSide } from '../../sides.ts'
import { imagesAt } from '../../whole-disk/disks.ts'
import { stampAt } from '../../whole-disk/stamp.ts'
import { companions } from './commands.ts'
import { type Archive, writeArchive } from './note.ts'
import { backupStorage } from './storage.ts'

/** Stands in the archive's notes: what is ours may be removed by us, and no other. */
export const markOf = ({ component }: Pick<MachineSide, 'component'>): string => `Bascule ${component}`

/**
 * A whole dump of the machine as it is now, kept for its owner alone. `off`: it must be off, and what is kept says which state of its
 * images this is; else it goes on running, and its agent freezes its filesystems for the instant in which the dump begins.
 */
export async function dump(io: ChangeIo, source: MachineSide, { off }: { off: boolean }): Promise<Archive> {
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

/** Archives of this component in a storage, ours by their notes. */
export async function ours(io: ReadIo, side: MachineSide, storage: string): Promise<Volume[]> {
  const all = await readPve(side, io).content(storage, { content: 'backup', vmid: side.vmid })
  return all.filter(({ notes }) => notes === markOf(side))
}

/** vzdump leaves out what is marked `backup=0`, and says so only in its log: the machine would arrive without that disk. */
async function requireEveryDisk(io: ReadIo, source: MachineSide): Promise<void> {
  const left = disksOf(await readPve(source, io).config()).filter(({ options }) => options.backup === '0')
  if (left.length === 0) return
  const slots = left.map(({ slot }) => slot).join(', ')
  const values = { component: source.component, slots, host: source.host.ssh, vmid: source.vmid }
  throw new Failure(
    { key: 'proxmox-vm.backup.leftOut', values },
    { remedy: { key: 'proxmox-vm.backup.leftOut.remedy', values } },
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
