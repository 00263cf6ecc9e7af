import { z } from 'zod'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import { readNote } from '../machine/json-note.ts'
import type { MachineSide } from '../sides.ts'

const why = z.custom<Text>(value => typeof value === 'object' && value !== null && 'key' in value)

export const restored = z.object({
  /** Which full copy was restored: another one since makes this one worth nothing. */
  held: z.string(),
  at: z.string(),
  imageBytes: z.number(),
  /** From the order to start until the probes were through. */
  seconds: z.number(),
  probes: z.array(z.object({ name: z.string(), why: why.exactOptional() })),
  failed: z.number(),
})
export type Restored = z.infer<typeof restored>

const file = ({ staging }: MachineSide): string => `${staging}/restored.json`

export const readRestored = (io: ReadIo, target: MachineSide): Promise<Restored | undefined> =>
  readNote(io, target, file(target), restored)

export async function writeRestored(io: ChangeIo, target: MachineSide, record: Restored): Promise<void> {
  await io.writeFile(target.host.ssh, file(target), `${JSON.stringify(record, null, 1)}\n`, { mode: '0600' })
}
