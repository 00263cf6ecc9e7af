import type { ReadIo } from '../../../model/io.ts'
import { inDatabase, type Side } from '../sides.ts'
import type { Database } from './relations.ts'

export type Sequence = { name: string; increment: bigint; cache: bigint; last: bigint | null }

/** The log runs ahead of a sequence by this many values, so a standby may stand that much further. */
const loggedAhead = 32n

/**
 * Sequences that would give out a value twice at the target, or that have jumped further than the log explains.
 * Being ahead by what the log reserves only leaves a gap in the numbers.
 */
export function badSequences(source: readonly Sequence[], target: readonly Sequence[]): string[] {
  const others = new Map(target.map(sequence => [sequence.name, sequence]))
  const missing = target.filter(sequence => !source.some(({ name }) => name === sequence.name))
  const bad = source.filter(sequence => {
    const other = others.get(sequence.name)
    if (other === undefined) return true
    if (sequence.last === other.last) return false
    if (sequence.last === null || other.last === null) return true
    const steps = (other.last - sequence.last) / sequence.increment
    return (other.last - sequence.last) * sequence.increment < 0n || steps > loggedAhead + sequence.cache
  })
  return [...bad, ...missing].map(sequence => sequence.name)
}

export async function sequencesOf(side: Side, database: Database, io: ReadIo): Promise<Sequence[]> {
  const rows = await io.query(
    inDatabase(side, database.name),
    `select schemaname || '.' || sequencename as name, increment_by::text as step, cache_size::text as cache,
       last_value::text as last from pg_sequences`,
  )
  return rows.map(row => ({
    name: `${database.name}.${row.name}`,
    increment: BigInt(String(row.step)),
    cache: BigInt(String(row.cache)),
    last: row.last === null || row.last === undefined ? null : BigInt(String(row.last)),
  }))
}
