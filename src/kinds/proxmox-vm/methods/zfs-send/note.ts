import { z } from 'zod'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { privateFolder } from '../../machine/host-commands.ts'
import { readNote } from '../../machine/json-note.ts'
import type { MachineSide } from '../../sides.ts'

const disk = z.object({
  slot: z.string(),
  sourceDataset: z.string(),
  targetVolume: z.string(),
  targetDataset: z.string(),
  sizeBytes: z.number(),
})
export type ZfsDisk = z.infer<typeof disk>

/** At the target: what its datasets hold. Written before the first of them comes, so that all that comes is known as ours. */
const schema = z.object({
  seed: z.string(),
  state: z.enum(['receiving', 'received']),
  /** Number of the last snapshot that all disks have there. */
  applied: z.number(),
  /** When the seed's snapshots were taken. */
  at: z.string(),
  appliedAt: z.string(),
  imageBytes: z.number(),
  disks: z.array(disk),
  transfer: z.object({ imageBytes: z.number(), sentBytes: z.number(), seconds: z.number() }).optional(),
  /** The machine may have started there: its disks may hold what the source has not, and no delta may come. */
  back: z.boolean().optional(),
})
export type ZfsNote = z.infer<typeof schema>

const file = ({ staging }: MachineSide): string => `${staging}/zfs-send.json`

export const readZfsNote = (io: ReadIo, target: MachineSide): Promise<ZfsNote | undefined> =>
  readNote(io, target, file(target), schema)

export async function writeZfsNote(io: ChangeIo, target: MachineSide, note: ZfsNote): Promise<void> {
  await io.change(target.host.ssh, privateFolder(target.staging))
  await io.writeFile(target.host.ssh, file(target), `${JSON.stringify(note, null, 1)}\n`, { mode: '0600' })
}
