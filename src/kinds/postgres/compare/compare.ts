import type { ReadIo } from '../../../model/io.ts'
import { type ClusterSide, inDatabase, type Sides } from '../sides.ts'
import { type BlockRange, merge } from './changed.ts'
import type { Delta } from './proof.ts'
import { type Database, databasesOf, fileKey, pair, type Relation, relationsOf } from './relations.ts'
import { type DifferentRow, differentRows, listedRows } from './rows.ts'
import { type Difference, type ScanResult, scan, type Work } from './scan.ts'

/** Reading a few blocks more beats another range. */
const gapBlocks = 4

export type Inventory = {
  databases: Database[]
  relations: (Relation & { shorter: number })[]
  /** Tables and sequences that do not stand at both sides as they should. */
  unmatched: string[]
}

/** What there is to compare. Databases and tables that only one side has are differences by themselves. */
export async function inventory(sides: Sides, io: ReadIo): Promise<Inventory> {
  const [source, target] = await Promise.all([databasesOf(sides.source, io), databasesOf(sides.target, io)])
  const oids = new Map(target.map(database => [database.name, database.oid]))
  const databases = source.filter(database => oids.get(database.name) === database.oid)
  const names = new Set(databases.map(database => database.name))
  const unmatched = [...source, ...target].map(({ name }) => name).filter(name => !names.has(name))
  const relations: Inventory['relations'] = []
  for (const database of databases) {
    const [here, there] = await Promise.all([
      relationsOf(sides.source, database, io),
      relationsOf(sides.target, database, io),
    ])
    const paired = pair(here, there)
    relations.push(...paired.matched)
    unmatched.push(...paired.unmatched)
  }
  return { databases, relations, unmatched: [...new Set(unmatched)] }
}

/** Of each relation: all of it when nothing is known of it, else what changed and what only one side has. */
export function worksOf(relations: Inventory['relations'], delta: Delta): Work[] {
  return relations
    .map(relation => ({ relation, ranges: rangesOf(relation, delta) }))
    .filter(work => work.ranges.length > 0)
}

function rangesOf(relation: Relation & { shorter: number }, delta: Delta): BlockRange[] {
  const whole = { from: 0, to: relation.blocks }
  if (delta.mode === 'full' || !delta.proven.has(fileKey(relation))) return merge([whole])
  const changed = delta.changed.get(fileKey(relation)) ?? []
  const clipped = changed.map(({ from, to }) => ({ from, to: Math.min(to, relation.blocks) }))
  return merge([...clipped, { from: relation.shorter, to: relation.blocks }], gapBlocks)
}

export type Comparison = ScanResult & {
  unmatched: string[]
  tables: number
  databases: number
  /** What this comparison covered, together with the proof it built on: database oid → files. */
  files: Record<string, number[]>
}

export async function compare(sides: Sides, delta: Delta, io: ReadIo): Promise<Comparison> {
  const { databases, relations, unmatched } = await inventory(sides, io)
  const scanned = await scan(sides, worksOf(relations, delta), io)
  const bad: string[] = []
  for (const database of databases) {
    const [source, target] = await Promise.all([
      sequencesOf(sides.source, database, io),
      sequencesOf(sides.target, database, io),
    ])
    bad.push(...badSequences(source, target))
  }
  return {
    ...scanned,
    unmatched: [...unmatched, ...bad],
    tables: relations.length,
    databases: databases.length,
    files: filesOf(relations),
  }
}

function filesOf(relations: readonly Relation[]): Record<string, number[]> {
  const files: Record<string, number[]> = {}
  for (const { databaseOid, filenode } of relations) {
    const list = files[databaseOid] ?? []
    list.push(filenode)
    files[databaseOid] = list
  }
  return files
}

export async function nameRows(
  sides: Sides,
  differences: readonly Difference[],
  io: ReadIo,
): Promise<DifferentRow[]> {
  const found: DifferentRow[] = []
  for (const difference of differences) {
    found.push(...(await differentRows(sides, difference, io)))
    if (found.length >= listedRows) break
  }
  return found
}

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

/** Of an unlogged table: it begins anew with its table wherever that is copied, promoted or recovered. */
export const ofUnloggedTable = (sequence: string): string => `exists (
  select 1 from pg_depend d join pg_class t on t.oid = d.refobjid
  where d.classid = 'pg_class'::regclass and d.objid = ${sequence}.oid and d.refclassid = 'pg_class'::regclass
    and d.deptype in ('a', 'i') and t.relpersistence = 'u')`

export async function sequencesOf(side: ClusterSide, database: Database, io: ReadIo): Promise<Sequence[]> {
  const rows = await io.query(
    inDatabase(side, database.name),
    `select n.nspname || '.' || c.relname as name, s.seqincrement::text as step, s.seqcache::text as cache,
       pg_sequence_last_value(c.oid)::text as last
     from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relpersistence <> 't' and not (c.relpersistence = 'u' and ${ofUnloggedTable('c')})`,
  )
  return rows.map(row => ({
    name: `${database.name}.${row.name}`,
    increment: BigInt(String(row.step)),
    cache: BigInt(String(row.cache)),
    last: row.last === null || row.last === undefined ? null : BigInt(String(row.last)),
  }))
}
