import { identifier, literal } from '../sql.ts'
import type { BlockRange } from './changed.ts'
import type { Relation } from './relations.ts'

/** A stretch of a relation, as one comparison reads it. */
export type Stretch = { relation: Relation; range: BlockRange }

/** Most rows a block of 8 kB can hold: without tid range scans (before 14) each place is asked for by itself. */
const rowsPerBlock = 291

/** The text of a row must not depend on how either server is configured; plans stay the simple ones. */
const session = [
  'search_path = pg_catalog',
  "datestyle = 'ISO, YMD'",
  "intervalstyle = 'postgres'",
  "timezone = 'UTC'",
  'extra_float_digits = 3',
  "bytea_output = 'hex'",
  "lc_monetary = 'C'",
  'row_security = off',
  'statement_timeout = 0',
  'jit = off',
]
  .map(setting => `set local ${setting}`)
  .join('; ')

export const tableOf = (relation: Relation): string =>
  `${identifier(relation.schema)}.${identifier(relation.name)}`

function withinBlocks({ from, to }: BlockRange, version: number): string {
  if (version >= 14) return `bascule_row.ctid >= '(${from},0)' and bascule_row.ctid < '(${to},0)'`
  return `bascule_row.ctid = any(array(select format('(%s,%s)', block, place)::tid
    from generate_series(${from}, ${to - 1}) block, generate_series(1, ${rowsPerBlock}) place))`
}

/** `offset 0` keeps the planner from working out a row's text once for each use of it. */
const rowsOf = ({ relation, range }: Stretch, version: number, columns = ''): string =>
  `select bascule_row::text as content${columns} from only ${tableOf(relation)} bascule_row
   where ${withinBlocks(range, version)} offset 0`

/**
 * For each stretch: how many rows, and two sums of two independent 64-bit hashes of their text. Sums do not care for
 * order and count duplicates. Rows: `stretch` (index), `rows`, `first`, `second`.
 */
export function hashStretches(stretches: readonly Stretch[], version: number): string {
  const parts = stretches.map(
    (stretch, index) =>
      `select ${index} as stretch, count(*) as rows, coalesce(sum(hashtextextended(content, 0)), 0)::text as first,
         coalesce(sum(hashtextextended(content, 7046029254386353131)), 0)::text as second
       from (${rowsOf(stretch, version)}) rows`,
  )
  return `${session}; ${parts.join(' union all ')}`
}

/** Not of an extension: those come with it. */
const notOfExtension = (catalogue: string): string =>
  `not exists (select 1 from pg_depend d
    where d.classid = '${catalogue}'::regclass and d.objid = o.oid and d.deptype = 'e')`
const ofUsers = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`

/**
 * For psql, inside a transaction of one snapshot: each table's rows, by the sums of `hashStretches` wherever the rows lie; the large
 * objects, whose pages of nothing but zeros a dump may add or omit; and what else there is by name. Of two databases of which one
 * was restored from the other it prints the same, in any order. A dump has no rows of a materialised view; whether it has those of unlogged
 * tables (`u`) is for who makes it.
 */
export const hashDatabaseOf = (...persistences: ('p' | 'u')[]): string => `${session};
select format('select %L, count(*), coalesce(sum(hashtextextended(content, 0)), 0),
    coalesce(sum(hashtextextended(content, 7046029254386353131)), 0)
  from (select bascule_row::text as content from only %I.%I bascule_row offset 0) rows',
  'table ' || n.nspname || '.' || o.relname, n.nspname, o.relname)
from pg_class o join pg_namespace n on n.oid = o.relnamespace
where o.relkind = 'r' and o.relpersistence in (${persistences.map(literal).join(', ')}) and ${ofUsers}
    and ${notOfExtension('pg_class')} \\gexec
select 'large objects', count(*) from pg_largeobject_metadata;
select 'large objects', count(*), sum(hashtextextended(loid || ' ' || pageno || ' ' || filled::text, 0))
from (select loid, pageno, btrim(data, '\\x00'::bytea) as filled from pg_largeobject) pages where filled <> '';
select 'relation ' || n.nspname || '.' || o.relname || ' ' || o.relkind::text
from pg_class o join pg_namespace n on n.oid = o.relnamespace
where o.relpersistence <> 't' and ${ofUsers} and ${notOfExtension('pg_class')};
select 'function ' || o.oid::regprocedure from pg_proc o join pg_namespace n on n.oid = o.pronamespace
where ${ofUsers} and ${notOfExtension('pg_proc')};
select 'trigger ' || o.tgrelid::regclass || ' ' || o.tgname from pg_trigger o where not o.tgisinternal;
`
/** Of a copy beside the run. */
export const hashDatabase = hashDatabaseOf('p')

/**
 * The file of each table, as it is at this moment even in an old snapshot. TRUNCATE, and DDL that rewrites a table, give it another one,
 * which looks empty in every snapshot from before: a dump and the sums would agree on nothing. Rows: `oid|file|table schema.name`.
 */
export const tableFiles = `select o.oid, pg_relation_filenode(o.oid), 'table ' || n.nspname || '.' || o.relname
from pg_class o join pg_namespace n on n.oid = o.relnamespace
where o.relkind = 'r' and o.relpersistence = 'p' and ${ofUsers}`

/** Every row of a stretch by a 128-bit digest, its place and its key. Rows: `digest`, `block`, `key`. */
export function listRows(stretch: Stretch, keyColumns: readonly string[], version: number): string {
  const key =
    keyColumns.length === 0
      ? "'ctid=' || bascule_row.ctid::text"
      : `concat_ws(', ', ${keyColumns
          .map(column => `${literal(`${column}=`)} || bascule_row.${identifier(column)}::text`)
          .join(', ')})`
  const columns = `, (bascule_row.ctid::text::point)[0]::int8 as block, ${key} as key`
  return `${session}; select md5(content) as digest, block, key from (${rowsOf(stretch, version, columns)}) rows`
}

export const keyColumnsOf = (relation: Relation): string =>
  `select a.attname::text as name from pg_index i
   join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
   where i.indrelid = ${relation.oid} and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)`
