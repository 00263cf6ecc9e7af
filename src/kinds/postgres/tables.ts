import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import { inDatabase, type Side } from './sides.ts'

/** The largest tables are facts worth a line each; of the rest, the count is. */
const namedTables = 50

/** Tables by `database.schema.table`, with the bytes of their indexes and toasted values. */
export async function tableFacts(source: Side, databases: readonly string[], io: ReadIo) {
  const facts = {
    tableCount: 0,
    unloggedTables: [] as string[],
    extensions: [] as string[],
    /** Whose version on disk is not the one the indexes were built with. */
    collationMismatches: [] as string[],
  }
  const sizes: [string, number][] = []
  for (const database of databases) {
    const connection = inDatabase(source, database)
    const prefixed = (row: Record<string, Json>): string => `${database}.${row.name}`
    const tables = await io.query(
      connection,
      `select n.nspname || '.' || c.relname as name, pg_total_relation_size(c.oid)::int8 as size, c.relpersistence
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'bascule')
         and n.nspname not like 'pg\\_t%'`,
    )
    facts.tableCount += tables.length
    sizes.push(...tables.map((row): [string, number] => [prefixed(row), Number(row.size)]))
    facts.unloggedTables.push(...tables.filter(row => row.relpersistence === 'u').map(prefixed))
    const extensions = await io.query(
      connection,
      "select extname || ' ' || extversion as name from pg_extension",
    )
    facts.extensions.push(...extensions.map(prefixed))
    const mismatches = await io.query(
      connection,
      `select collname::text as name from pg_collation
       where collversion is not null and collversion <> pg_collation_actual_version(oid)`,
    )
    facts.collationMismatches.push(...mismatches.map(prefixed))
  }
  sizes.sort(([, left], [, right]) => right - left)
  return { ...facts, tables: Object.fromEntries(sizes.slice(0, namedTables)) }
}
