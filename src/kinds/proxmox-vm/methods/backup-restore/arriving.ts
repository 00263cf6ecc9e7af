import { basename, dirname } from 'node:path/posix'
import { z } from 'zod'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { endLeftovers } from '../../../kit/rsync-leftovers.ts'
import { moveInto, privateFolder, removeFile, removeFolder } from '../../machine/host-commands.ts'
import { readNote } from '../../machine/json-note.ts'
import type { MachineSide } from '../../sides.ts'
import { readArchive } from './note.ts'

/**
 * Where an archive lies until it is whole and proven: PVE lists what is directly in its dump folder as a backup. The folder is this
 * component's alone: it is removed whole, and another machine may be on its way at the same time.
 */
const placeOf = (archivePath: string, { component }: MachineSide): { folder: string; path: string } => {
  const folder = `${dirname(archivePath)}/.bascule-arriving-${component}`
  return { folder, path: `${folder}/${basename(archivePath)}` }
}

/** The path that the archive gets in the end. `proven`: it may be there already, and no other note says so yet. */
const schema = z.object({ path: z.string(), proven: z.boolean() })
type Arriving = z.infer<typeof schema>

const noteFile = ({ staging }: MachineSide): string => `${staging}/arriving.json`

/**
 * Where to send it. Noted before anything of it is there: the storage may be another one the next time, and whoever clears up
 * must find what was sent. What was sent of this archive is kept.
 */
export async function expectArchive(io: ChangeIo, target: MachineSide, path: string): Promise<string> {
  if ((await noted(io, target))?.path !== path) await clearArriving(io, target)
  await note(io, target, { path, proven: false })
  const place = placeOf(path, target)
  await io.change(target.host.ssh, privateFolder(place.folder))
  return place.path
}

/** Gives it its own name. */
export async function takeIn(io: ChangeIo, target: MachineSide, path: string): Promise<void> {
  await note(io, target, { path, proven: true })
  await io.change(target.host.ssh, moveInto(placeOf(path, target).path, path))
}

/** Removes what was sent and is not the archive that the target's record names. */
export async function clearArriving(io: ChangeIo, target: MachineSide): Promise<void> {
  const arriving = await noted(io, target)
  if (arriving === undefined) return
  const { ssh } = target.host
  const { folder, path } = placeOf(arriving.path, target)
  await endLeftovers(io, ssh, path)
  await io.change(ssh, removeFolder(folder))
  if (arriving.proven && (await readArchive(io, target))?.path !== arriving.path)
    await io.change(ssh, removeFile(arriving.path))
  await io.change(ssh, removeFile(noteFile(target)))
}

const noted = (io: ReadIo, target: MachineSide): Promise<Arriving | undefined> =>
  readNote(io, target, noteFile(target), schema)

async function note(io: ChangeIo, target: MachineSide, arriving: Arriving): Promise<void> {
  await io.change(target.host.ssh, privateFolder(target.staging))
  await io.writeFile(target.host.ssh, noteFile(target), `${JSON.stringify(arriving)}\n`, { mode: '0600' })
}
