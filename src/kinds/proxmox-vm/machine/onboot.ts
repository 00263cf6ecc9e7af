import { z } from 'zod'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { changePve } from '../client/change.ts'
import { readPve } from '../client/read.ts'
import type { MachineSide } from '../sides.ts'
import { privateFolder } from './host-commands.ts'
import { readNote } from './json-note.ts'

const noteFile = ({ staging }: MachineSide): string => `${staging}/before-shutdown.json`

/** What the source's machine was set to before it was retired, so that it can be put back. */
const before = z.object({ onboot: z.string(), description: z.string() })
type Before = z.infer<typeof before>

export const beforeRetired = (io: ReadIo, at: MachineSide): Promise<Before | undefined> =>
  readNote(io, at, noteFile(at), before)

/**
 * The machine does not start by itself any more, and says so to whoever looks at it. What it was set to is noted first, once:
 * an attempt that comes after a crash must not note its own change.
 */
export async function retire(io: ChangeIo, at: MachineSide, why: string): Promise<Before> {
  const known = await beforeRetired(io, at)
  const config = await readPve(at, io).config()
  const was = known ?? { onboot: config.onboot ?? '0', description: config.description ?? '' }
  if (known === undefined) {
    await io.change(at.host.ssh, privateFolder(at.staging))
    await io.writeFile(at.host.ssh, noteFile(at), `${JSON.stringify(was)}\n`, { mode: '0600' })
  }
  const description = `${why}\n\n${was.description}`
  await changePve(at, io).configure({ onboot: 0, description })
  return was
}

/** As it was before. Nothing where nothing was noted. */
export async function reinstate(io: ChangeIo, at: MachineSide): Promise<void> {
  const was = await beforeRetired(io, at)
  if (was === undefined) return
  const empty = was.description === ''
  await changePve(at, io).configure(
    { onboot: Number(was.onboot), ...(empty ? {} : { description: was.description }) },
    empty ? { remove: ['description'] } : {},
  )
  await io.change(at.host.ssh, ['rm', '-f', '--', noteFile(at)])
}
