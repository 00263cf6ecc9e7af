import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import { ofUnloggedTable } from './compare/compare.ts'
import { type ClusterSide, inDatabase } from './sides.ts'
import { firstUserOid } from './user-data.ts'

export async function databaseFacts(source: ClusterSide, io: ReadIo) {
  const rows = await io.query(
    source.sql,
    `select datname, pg_database_size(oid)::int8 as size, pg_encoding_to_char(encoding) as encoding,
       datcollate, datctype, to_jsonb(d) ->> 'datlocprovider' as provider,
       to_jsonb(d) ->> 'datcollversion' as collversion, datconnlimit
     from pg_database d where datallowconn and not datistemplate order by datname`,
  )
  const byDatabase = <Value>(value: (row: (typeof rows)[number]) => Value) =>
    Object.fromEntries(rows.map(row => [String(row.datname), value(row)]))
  return {
    databases: byDatabase(row => Number(row.size)),
    connectionLimits: byDatabase(row => Number(row.datconnlimit)),
    collations: byDatabase(row => ({
      encoding: String(row.encoding ?? ''),
      collate: String(row.datcollate ?? ''),
      ctype: String(row.datctype ?? ''),
      provider: String(row.provider ?? 'c'),
      version: String(row.collversion ?? ''),
    })),
    sizeBytes: rows.reduce((sum, row) => sum + Number(row.size), 0),
    tablespaces: await namesOf(
      source,
      "select spcname as name from pg_tablespace where spcname !~ '^pg_'",
      io,
    ),
    preparedTransactions: await namesOf(source, 'select gid as name from pg_prepared_xacts', io),
    ...(await tableFacts(
      source,
      rows.map(row => String(row.datname)),
      io,
    )),
  }
}

export const namesOf = async (side: ClusterSide, text: string, io: ReadIo): Promise<string[]> =>
  (await io.query(side.sql, text)).map(row => String(row.name))

/** The largest tables are facts worth a line each; of the rest, the count is. */
const namedTables = 50

/** Tables by `database.schema.table`, with the bytes of their indexes and toasted values. */
async function tableFacts(source: ClusterSide, databases: readonly string[], io: ReadIo) {
  const facts = {
    tableCount: 0,
    unloggedTables: [] as string[],
    unloggedSequences: [] as string[],
    /** Unlogged, and what is not unlogged takes its numbers from them. */
    unloggedSequencesInUse: [] as string[],
    extensions: [] as string[],
    libraries: [] as string[],
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
    const sequences = await io.query(
      connection,
      `select n.nspname || '.' || c.relname as name, ${ofUnloggedTable('c')} and not exists (
         select 1 from pg_depend d join pg_attrdef a on d.classid = 'pg_attrdef'::regclass and d.objid = a.oid
           join pg_class t on t.oid = a.adrelid
         where d.refobjid = c.oid and t.relpersistence = 'p') as alone
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'S' and c.relpersistence = 'u'`,
    )
    for (const row of sequences)
      facts[row.alone === true ? 'unloggedSequences' : 'unloggedSequencesInUse'].push(prefixed(row))
    const libraries = await io.query(
      connection,
      `select distinct substr(probin, 9) as name from pg_proc
       where probin like '$libdir/%' and oid >= ${firstUserOid}`,
    )
    facts.libraries.push(...libraries.map(row => String(row.name)))
    const mismatches = await io.query(
      connection,
      `select collname::text as name from pg_collation
       where collversion is not null and collversion <> pg_collation_actual_version(oid)`,
    )
    facts.collationMismatches.push(...mismatches.map(prefixed))
  }
  sizes.sort(([, left], [, right]) => right - left)
  facts.libraries = [...new Set(facts.libraries)].sort()
  return { ...facts, tables: Object.fromEntries(sizes.slice(0, namedTables)) }
}
