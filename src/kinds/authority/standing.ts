import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { read } from './commands.ts'
import { fileOf } from './places.ts'

/** What a host has been told. `site` has authority over the data; `fencingNumber` is the newest program's. */
export type Standing = {
  migration: string
  fencingNumber: number
  site: string
  holder: string
  at: string
  lineage: string
}

/** Undefined where nothing has been told yet. Throws Failure when the file is not as Bascule writes it. */
export async function readStanding(
  host: string,
  planName: string,
  io: ReadIo,
  timeoutSeconds?: number,
): Promise<Standing | undefined> {
  const options = timeoutSeconds === undefined ? {} : { timeoutSeconds }
  const { stdout } = await io.read(host, read(planName), options)
  return stdout.trim() === '' ? undefined : parseStanding(stdout, host, planName)
}

export function parseStanding(text: string, host: string, planName: string): Standing {
  try {
    const { migration, fencingNumber, site, holder, at, lineage } = JSON.parse(text) as Record<
      string,
      unknown
    >
    if (typeof fencingNumber === 'number' && typeof site === 'string')
      return {
        migration: String(migration),
        fencingNumber,
        site,
        holder: String(holder ?? ''),
        at: String(at ?? ''),
        lineage: String(lineage ?? ''),
      }
  } catch {
    // Told below, as any other content that is not ours.
  }
  throw unreadableStanding(host, planName)
}

export const unreadableStanding = (host: string, planName: string): Failure =>
  new Failure(
    { key: 'authority.unreadable', values: { host, file: fileOf(planName) } },
    { remedy: { key: 'authority.remedy.unreadable', values: { host, file: fileOf(planName) } } },
  )
