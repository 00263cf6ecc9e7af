import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Lsn } from '../lsn.ts'
import { readSaved } from '../saved.ts'
import type { ClusterSide, Side, Sides } from '../sides.ts'
import { queryOne, queryText } from '../sql.ts'
import { waitUntil } from '../wait-until.ts'
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
  return (await readSaved(source, proofKey, io)) as (JsonObject & Proof) | undefined
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

/** How long a transaction that was open before may stay open. */
const openSeconds = 60

/** The next transaction's number: it stays the same exactly as long as nobody writes a row. */
export const nextTransaction = (side: ClusterSide, io: ReadIo): Promise<string> =>
  queryText(io, side.sql, 'select pg_snapshot_xmax(pg_current_snapshot())::text')

/**
 * A position from which on the log tells everything: each transaction that wrote before it has ended, so that what it
 * wrote is visible to a comparison made now. Throws Failure when one stays open for a minute.
 */
export async function stableLsn(source: Side, io: ReadIo): Promise<Lsn> {
  const position = await queryText(io, source.sql, 'select pg_current_wal_insert_lsn()::text')
  const next = await nextTransaction(source, io)
  await waitUntil(
    io,
    async () => {
      const row = await queryOne(
        io,
        source.sql,
        'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 as settled',
        [next],
      )
      return row?.settled === true ? true : undefined
    },
    {
      seconds: openSeconds,
      firstPauseSeconds: 0.2,
      otherwise: () => ({
        key: 'postgres.prove.openTransaction',
        values: { host: source.host, seconds: openSeconds },
      }),
      remedy: { key: 'postgres.prove.openTransaction.remedy', values: { host: source.host } },
    },
  ).catch(async error => {
    throw error instanceof Failure ? await namingOldest(error, source, io) : error
  })
  return position
}

async function namingOldest(failure: Failure, source: Side, io: ReadIo): Promise<Failure> {
  const oldest = await queryOne(
    io,
    source.sql,
    `select pid, usename, xact_start from pg_stat_activity where backend_xid is not null
     order by age(backend_xid) desc limit 1`,
  ).catch(() => undefined)
  return new Failure(
    { ...failure.text, values: { ...failure.text.values, pid: Number(oldest?.pid ?? 0) } },
    { cause: failure, ...(failure.remedy === undefined ? {} : { remedy: failure.remedy }) },
  )
}
