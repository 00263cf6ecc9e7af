import type { ReadIo } from '../../../model/io.ts'
import { bytesBetween, type Lsn } from '../lsn.ts'
import type { Side } from '../sides.ts'

/** Blocks the log touched, by file (`databaseOid/filenode`). */
export type Changed = Map<string, BlockRange[]>

/** PostgreSQL 16 gives a row for each block; 15 gives them as text: `rel 1663/5/16390 fork main blk 30`. */
const blocksOf = (version: number): string =>
  version >= 16
    ? `select reldatabase::int8 as database, relfilenode::int8 as filenode, relblocknumber::int8 as block
       from pg_get_wal_block_info($1::pg_lsn, $2::pg_lsn, false) where relforknumber = 0`
    : `select part[1]::int8 as database, part[2]::int8 as filenode, part[3]::int8 as block
       from pg_get_wal_records_info($1::pg_lsn, $2::pg_lsn),
         regexp_matches(block_ref, 'rel \\d+/(\\d+)/(\\d+) fork main blk (\\d+)', 'g') part
       where block_ref <> ''`

/**
 * What the primary's log says was written between two positions. Throws when the log no longer goes back that far, or
 * when the extension is not there: then nothing is known, and everything has to be compared.
 */
export async function changedBlocks(primary: Side, from: Lsn, to: Lsn, io: ReadIo): Promise<Changed> {
  const changed: Changed = new Map()
  if (bytesBetween(from, to) <= 0) return changed
  const rows = await io.query(
    primary.sql,
    `select database, filenode, lower(span) as first, upper(span) as past from (
       select database, filenode, range_agg(int8range(block, block + 1)) as spans
       from (select distinct database, filenode, block from (${blocksOf(Number(primary.version))}) refs) blocks
       group by database, filenode) files, unnest(spans) span`,
    [from, to],
  )
  for (const row of rows) {
    const key = `${row.database}/${row.filenode}`
    const ranges = changed.get(key) ?? []
    ranges.push({ from: Number(row.first), to: Number(row.past) })
    changed.set(key, ranges)
  }
  return changed
}

/** Blocks of a relation, from `from` up to and without `to`. */
export type BlockRange = { from: number; to: number }

/** Sorted, without overlaps; neighbours closer than `gap` blocks become one, for one longer read beats two. */
export function merge(ranges: readonly BlockRange[], gap = 0): BlockRange[] {
  const merged: BlockRange[] = []
  for (const range of [...ranges].sort((left, right) => left.from - right.from)) {
    if (range.to <= range.from) continue
    const last = merged.at(-1)
    if (last !== undefined && range.from <= last.to + gap) last.to = Math.max(last.to, range.to)
    else merged.push({ ...range })
  }
  return merged
}

/** No part longer than `blocks`. */
export function tile(ranges: readonly BlockRange[], blocks: number): BlockRange[] {
  return ranges.flatMap(({ from, to }) => {
    const count = Math.ceil((to - from) / blocks)
    return Array.from({ length: count }, (_, index) => ({
      from: from + index * blocks,
      to: Math.min(to, from + (index + 1) * blocks),
    }))
  })
}

export const blocksIn = (ranges: readonly BlockRange[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from, 0)

export const holds = (ranges: readonly BlockRange[], block: number): boolean =>
  ranges.some(({ from, to }) => from <= block && block < to)
