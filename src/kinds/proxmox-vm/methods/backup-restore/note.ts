import { z } from 'zod'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { privateFolder, removeFile, sizeOf } from '../../machine/host-commands.ts'
import { readNote } from '../../machine/json-note.ts'
import type { MachineSide } from '../../sides.ts'

const schema = z.object({
  volid: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  /** When the dump began. */
  at: z.string(),
  /** What the machine's disks take, which the archive holds compressed. */
  imageBytes: z.number(),
  /** The source's images when it was made, machine off; absent when it ran. */
  stamp: z.string().optional(),
  /** At the target, once it was proven there. */
  sha256: z.string().optional(),
  /** At the target: archives in whose place it is, until they are removed. */
  superseded: z.array(z.string()).optional(),
})
/** At the source: the archive that is made and not yet sent. At the target: the archive that is there, whole and proven. */
export type Archive = z.infer<typeof schema>

const noteFile = ({ staging }: MachineSide): string => `${staging}/archive.json`

/** Undefined too when the file that the note names is not there as it was. */
export async function readArchive(io: ReadIo, side: MachineSide): Promise<Archive | undefined> {
  const archive = await readNote(io, side, noteFile(side), schema)
  if (archive === undefined) return undefined
  const there = await io.read(side.host.ssh, sizeOf(archive.path), { allowFailure: true })
  return there.exitCode === 0 && Number(there.stdout) === archive.sizeBytes ? archive : undefined
}

export async function writeArchive(io: ChangeIo, side: MachineSide, archive: Archive): Promise<void> {
  await io.change(side.host.ssh, privateFolder(side.staging))
  await io.writeFile(side.host.ssh, noteFile(side), `${JSON.stringify(archive, null, 1)}\n`, { mode: '0600' })
}

export const forgetArchive = async (io: ChangeIo, side: MachineSide): Promise<unknown> =>
  io.change(side.host.ssh, removeFile(noteFile(side)))
