import { z } from 'zod'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { readNote } from '../../machine/json-note.ts'
import type { MachineSide } from '../../sides.ts'
import { noteFile } from './names.ts'

const transfer = z.object({ imageBytes: z.number(), sentBytes: z.number(), seconds: z.number() })

const seededDisk = z.object({
  slot: z.string(),
  sourceVolume: z.string(),
  sourcePath: z.string(),
  targetVolume: z.string(),
  targetPath: z.string(),
  sizeBytes: z.number(),
})
export type SeededDisk = z.infer<typeof seededDisk>

/** At the source: how far a full copy has come, and a delta that is made but maybe not yet with the target. */
const sourceNote = z.object({
  seed: z.string(),
  state: z.enum(['copying', 'copied', 'sent']),
  at: z.string(),
  disks: z.array(seededDisk),
  transfer: transfer.optional(),
  delta: z.object({ from: z.number(), to: z.number(), hashes: z.record(z.string(), z.string()) }).optional(),
})
export type SourceNote = z.infer<typeof sourceNote>

/** At the target: what its images hold. It alone says from where the next delta starts. */
const targetNote = z.object({
  seed: z.string(),
  /** Number of the last copy that is wholly in the images. */
  applied: z.number(),
  /** When the seed was whole. */
  at: z.string(),
  appliedAt: z.string(),
  imageBytes: z.number(),
  disks: z.array(seededDisk),
  /** The images as they were left (see `stampAt`); absent while a delta is being written into them. */
  stamp: z.string().optional(),
  /** The bitmap of the way back. As long as it stands, the images may hold what the source has not: no delta may come. */
  back: z.string().optional(),
})
export type TargetNote = z.infer<typeof targetNote>

export const readSourceNote = (io: ReadIo, at: MachineSide): Promise<SourceNote | undefined> =>
  readNote(io, at, noteFile(at), sourceNote)
export const readTargetNote = (io: ReadIo, at: MachineSide): Promise<TargetNote | undefined> =>
  readNote(io, at, noteFile(at), targetNote)

export async function writeNote(io: ChangeIo, at: MachineSide, note: SourceNote | TargetNote): Promise<void> {
  await io.writeFile(at.host.ssh, noteFile(at), `${JSON.stringify(note, null, 1)}\n`, { mode: '0600' })
}
