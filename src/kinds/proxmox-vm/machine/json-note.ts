import type { z } from 'zod'
import type { ReadIo } from '../../../model/io.ts'
import type { MachineSide } from '../sides.ts'

/** A note kept at a hypervisor. One that is not there, or says nothing sensible, is none: nothing is then taken for ours. */
export async function readNote<T>(
  io: ReadIo,
  { host }: MachineSide,
  path: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const { exitCode, stdout } = await io.read(host.ssh, ['cat', path], { allowFailure: true })
  if (exitCode !== 0) return undefined
  try {
    return schema.safeParse(JSON.parse(stdout)).data
  } catch {
    return undefined
  }
}
