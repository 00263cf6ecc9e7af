import type { ReadIo } from '../../../model/io.ts'
import { inDatabase, type Side } from '../sides.ts'
import { tile } from './changed.ts'
import { keyColumnsOf, listRows, type Stretch } from './hash-sql.ts'
import { type Difference, readOrBroken } from './scan.ts'

export type DifferentRow = { table: string; key: string; block: number; at: 'both' | 'source' | 'target' }

/** Rows looked at by name at most: beyond, the count says enough. */
export const listedRows = 1000

/**
 * Names the rows that differ in a stretch, block by block. A stretch that cannot be read counts as one row, so that
 * it is never taken for equal.
 */
export async function differentRows(
  sides: { source: Side; target: Side },
  difference: Difference,
  io: ReadIo,
): Promise<DifferentRow[]> {
  const { relation } = difference
  const table = `${relation.database}.${relation.schema}.${relation.name}`
  const keys = (await io.query(inDatabase(sides.source, relation.database), keyColumnsOf(relation))).map(
    row => String(row.name),
  )
  const found: DifferentRow[] = []
  for (const range of tile([difference.range], 1)) {
    const stretch: Stretch = { relation, range }
    const [source, target] = await Promise.all([
      rowsAt(sides.source, stretch, keys, io),
      rowsAt(sides.target, stretch, keys, io),
    ])
    if (source === 'broken' || target === 'broken') {
      found.push({
        table,
        key: `block=${range.from}`,
        block: range.from,
        at: source === 'broken' ? 'source' : 'target',
      })
    } else {
      found.push(...compareRows(source, target).map(row => ({ ...row, table })))
    }
    if (found.length >= listedRows) break
  }
  return found
}

type Row = { digest: string; block: number; key: string }

async function rowsAt(
  side: Side,
  stretch: Stretch,
  keys: readonly string[],
  io: ReadIo,
): Promise<Row[] | 'broken'> {
  const text = listRows(stretch, keys, Number(side.version))
  const rows = await readOrBroken(side, stretch.relation.database, text, io)
  if (rows === 'broken') return 'broken'
  return rows.map(row => ({ digest: String(row.digest), block: Number(row.block), key: String(row.key) }))
}

/** Rows without a partner of the same content; one that changed is named once. Duplicates pair off one by one. */
export function compareRows(source: readonly Row[], target: readonly Row[]): Omit<DifferentRow, 'table'>[] {
  const onlySource = without(source, target)
  const onlyTarget = without(target, source)
  const keysOfTarget = new Set(onlyTarget.map(row => row.key))
  const keysOfSource = new Set(onlySource.map(row => row.key))
  return [
    ...onlySource.map(({ key, block }) => ({
      key,
      block,
      at: keysOfTarget.has(key) ? ('both' as const) : ('source' as const),
    })),
    ...onlyTarget
      .filter(row => !keysOfSource.has(row.key))
      .map(({ key, block }) => ({ key, block, at: 'target' as const })),
  ]
}

function without(rows: readonly Row[], others: readonly Row[]): Row[] {
  const left = new Map<string, number>()
  for (const { digest } of others) left.set(digest, (left.get(digest) ?? 0) + 1)
  return rows.filter(({ digest }) => {
    const count = left.get(digest) ?? 0
    left.set(digest, count - 1)
    return count <= 0
  })
}
