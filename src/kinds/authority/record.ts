import { exitCodes, Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { script } from '../kit/script.ts'
import { directoryOf, fileOf } from './places.ts'

/** What a host has been told. `site` has authority over the data; `fencingNumber` is the newest program's. */
export type AuthorityRecord = {
  migration: string
  fencingNumber: number
  site: string
  holder: string
  at: string
  lineage: string
}

/** Undefined where nothing has been told yet. Throws Failure when the file is not as Bascule writes it. */
export async function readRecord(
  host: string,
  planName: string,
  io: ReadIo,
  timeoutSeconds?: number,
): Promise<AuthorityRecord | undefined> {
  const options = timeoutSeconds === undefined ? {} : { timeoutSeconds }
  const { stdout } = await io.read(host, reading(planName), options)
  return stdout.trim() === '' ? undefined : parseRecord(stdout, host, planName)
}

export function parseRecord(text: string, host: string, planName: string): AuthorityRecord {
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
  throw unreadableRecord(host, planName)
}

export const unreadableRecord = (host: string, planName: string): Failure =>
  new Failure(
    { key: 'authority.unreadable', values: { host, file: fileOf(planName) } },
    { remedy: { key: 'authority.remedy.unreadable', values: { host, file: fileOf(planName) } } },
  )

/** Prints nothing where nothing stands. */
const reading = (planName: string): string[] => [
  'sh',
  '-c',
  '[ ! -s "$1" ] || cat -- "$1"',
  'authority',
  fileOf(planName),
]

const writeScript = script(import.meta.dirname, 'scripts/write-authority.sh')
/** Of the scripts, chosen among sysexits. */
export const exits = { noCopy: 65, unlinked: 74, refused: 75, busy: 76, unreadable: 78 } as const

export type Writing = {
  planName: string
  fencingNumber: number
  site: string
  /** The program that holds the number. */
  holder: string
  /** Of the state directory that the number was counted in. */
  lineage: string
  at: string
  /** True: `site` counts only where nothing stands yet. */
  keepSite: boolean
}

/** Writes at one host who has authority. Throws Failure; exit code 75 where a newer program has been there. */
export async function writeAuthority(host: string, values: Writing, io: ChangeIo): Promise<void> {
  const result = await io.change(host, writing(values), { allowFailure: true, timeoutSeconds: 30 })
  const { planName } = values
  if (result.exitCode === 0) return
  if (result.exitCode === exits.refused)
    throw heldByAnother(host, planName, parseRecord(result.stdout, host, planName), values.fencingNumber)
  if (result.exitCode === exits.unreadable) throw unreadableRecord(host, planName)
  if (result.exitCode === exits.busy)
    throw new Failure({ key: 'authority.busy', values: { host, file: fileOf(planName) } })
  const detail = result.stderr.trim().split('\n').at(-1) ?? ''
  throw new Failure({ key: 'authority.notWritten', values: { host, file: fileOf(planName), detail } })
}

export function heldByAnother(
  host: string,
  planName: string,
  standing: AuthorityRecord,
  mine: number,
): Failure {
  const { fencingNumber, holder, at } = standing
  return new Failure(
    {
      key: 'authority.held',
      values: { host, number: fencingNumber, mine, holder: holder || '?', at: at || '?' },
    },
    {
      remedy: { key: 'authority.remedy.held', values: { file: fileOf(planName) } },
      exitCode: exitCodes.locked,
    },
  )
}

function writing({ planName, fencingNumber, site, holder, at, lineage, keepSite }: Writing): string[] {
  const values = [planName, String(fencingNumber), site, holder, at, lineage]
  for (const value of values)
    if (/["\\,{}\p{Cc}]/u.test(value)) throw new TypeError(`${value} cannot stand in the authority file`)
  return writeScript.argv(directoryOf(planName), ...values, keepSite ? 'keep' : '')
}
