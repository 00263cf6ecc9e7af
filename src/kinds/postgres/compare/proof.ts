import type { ReadIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import { kept } from '../kept.ts'
import type { Lsn } from '../lsn.ts'
import type { Side, Sides } from '../sides.ts'
import { queryText } from '../sql.ts'
import { type Changed, changedBlocks } from './changed.ts'

/**
 * What was found equal, and when: every block of the named files, as far as the log up to `position` wrote them. Kept in
 * the source's own cluster.
 */
export type Proof = {
  position: Lsn
  at: string
  /** The copy it holds for; one that was made or rewound anew is another one. */
  copyId: string
  /** Rows read, for the account. */
  rows: number
  /** Database oid → its files. */
  files: Record<string, number[]>
}
export const proofKey = 'proof'

export async function proofOf(source: Side, io: ReadIo): Promise<Proof | undefined> {
  return (await kept(source, proofKey, io)) as (JsonObject & Proof) | undefined
}

export const copyIdOf = (target: Side, io: ReadIo): Promise<string> =>
  queryText(io, target.sql, "select coalesce(current_setting('bascule.copy_id', true), '')")

/** What must be compared again, or why everything must. */
export type Delta =
  | { mode: 'delta'; proof: Proof; proven: Set<string>; changed: Changed }
  | { mode: 'full'; why: string }

/** Asks the source's log what has changed from the proof up to `to`. */
export async function deltaSince(sides: Sides, to: Lsn, io: ReadIo): Promise<Delta> {
  const { source, target, spec } = sides
  if (spec.verify === 'full') return { mode: 'full', why: 'asked for' }
  const proof = await proofOf(source, io)
  if (proof === undefined) return { mode: 'full', why: 'no proof' }
  if (proof.copyId !== (await copyIdOf(target, io))) return { mode: 'full', why: 'another copy' }
  try {
    const changed = await changedBlocks(source, proof.position, to, io)
    return { mode: 'delta', proof, proven: provenFiles(proof), changed }
  } catch (error) {
    if (io.signal.aborted) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return { mode: 'full', why: cause }
  }
}

const provenFiles = (proof: Proof): Set<string> =>
  new Set(
    Object.entries(proof.files).flatMap(([database, files]) => files.map(file => `${database}/${file}`)),
  )
