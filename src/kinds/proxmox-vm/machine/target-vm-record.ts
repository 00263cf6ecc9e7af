import { z } from 'zod'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { MachineSide } from '../sides.ts'
import { methodNames } from '../spec.ts'
import { privateFolder } from './host-commands.ts'
import { readNote } from './json-note.ts'

const transfer = z.object({ imageBytes: z.number(), sentBytes: z.number(), seconds: z.number() })
export type Transfer = z.infer<typeof transfer>
/** What a step leaves that sends disks. Null: an earlier attempt did, and nobody wrote it down. */
export const transferred = z.object({ transfer: transfer.nullable() })

/**
 * Kept at the target, beside what is there: what the machine is that a way made.
 * making → made → in-use (from just before its first start) → home (what it wrote is at the source).
 */
const schema = z.object({
  vmid: z.number(),
  way: z.enum(methodNames),
  state: z.enum(['making', 'made', 'in-use', 'home']),
  at: z.string(),
  /** What the source's images were when it was made: as long as they are the same, it holds what they hold. */
  stamp: z.string().optional(),
  /** While it is made: images that had its number before, and are none of ours. */
  others: z.array(z.string()).optional(),
  transfer: transfer.optional(),
})
export type TargetVmRecord = z.infer<typeof schema>

const noteFile = ({ staging }: MachineSide): string => `${staging}/moved.json`

/** A note of another machine number is none. */
export async function readTargetVmRecord(
  io: ReadIo,
  target: MachineSide,
): Promise<TargetVmRecord | undefined> {
  const note = await readNote(io, target, noteFile(target), schema)
  return note?.vmid === target.vmid ? note : undefined
}

export async function writeTargetVmRecord(
  io: ChangeIo,
  target: MachineSide,
  note: Omit<TargetVmRecord, 'vmid' | 'at'>,
): Promise<void> {
  const whole: TargetVmRecord = { vmid: target.vmid, at: io.now(), ...note }
  await io.change(target.host.ssh, privateFolder(target.staging))
  await io.writeFile(target.host.ssh, noteFile(target), `${JSON.stringify(whole, null, 1)}\n`, {
    mode: '0600',
  })
}
