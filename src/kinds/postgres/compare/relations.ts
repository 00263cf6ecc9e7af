import type { ReadIo } from '../../../model/io.ts'
import { type ClusterSide, inDatabase } from '../sides.ts'

/** Something with rows of its own: a table, a materialised view, a catalogue. */
export type Relation = {
  database: string
  /** 0 for what all databases share, as the log writes it. */
  databaseOid: number
  oid: number
  schema: string
  name: string
  /** The file it is stored in: another one after a rewrite. */
  filenode: number
  blocks: number
}
export type Database = { name: string; oid: number }

/** Every database one can connect to: the copy is of the whole cluster, so the comparison is, too. */
export async function databasesOf(side: ClusterSide, io: ReadIo): Promise<Database[]> {
  const rows = await io.query(
    side.sql,
    'select datname, oid::int8 as oid from pg_database where datallowconn and not datistemplate order by datname',
  )
  return rows.map(row => ({ name: String(row.datname), oid: Number(row.oid) }))
}

/** Large objects are a catalogue (pg_largeobject); toasted values are read through the rows they belong to. */
const listing = `
  select c.oid::int8 as oid, n.nspname, c.relname, c.relisshared, pg_relation_filenode(c.oid)::int8 as filenode,
    pg_relation_size(c.oid) / current_setting('block_size')::int as blocks
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and c.relpersistence = 'p' and pg_relation_filenode(c.oid) is not null
  order by c.oid`

/** Shared catalogues are listed once, with the admin database. */
export async function relationsOf(side: ClusterSide, database: Database, io: ReadIo): Promise<Relation[]> {
  const rows = await io.query(inDatabase(side, database.name), listing)
  return rows
    .filter(row => row.relisshared !== true || database.name === side.sql.database)
    .map(row => ({
      database: database.name,
      databaseOid: row.relisshared === true ? 0 : database.oid,
      oid: Number(row.oid),
      schema: String(row.nspname),
      name: String(row.relname),
      filenode: Number(row.filenode),
      blocks: Number(row.blocks),
    }))
}

export const fileKey = (relation: Pick<Relation, 'databaseOid' | 'filenode'>): string =>
  `${relation.databaseOid}/${relation.filenode}`

/**
 * Both sides' relations, matched. `blocks` is the longer of the two, for empty blocks at a table's end are not in the
 * log. A relation that is missing or stored elsewhere at one side is named in `unmatched`.
 */
export function pair(source: readonly Relation[], target: readonly Relation[]) {
  const identity = (relation: Relation): string =>
    [relation.databaseOid, relation.oid, relation.filenode, relation.schema, relation.name].join(' ')
  const others = new Map(target.map(relation => [identity(relation), relation]))
  const matched: (Relation & { shorter: number })[] = []
  const unmatched: string[] = []
  for (const relation of source) {
    const other = others.get(identity(relation))
    others.delete(identity(relation))
    if (other === undefined) unmatched.push(`${relation.database}.${relation.schema}.${relation.name}`)
    else {
      matched.push({
        ...relation,
        blocks: Math.max(relation.blocks, other.blocks),
        shorter: Math.min(relation.blocks, other.blocks),
      })
    }
  }
  for (const relation of others.values()) {
    unmatched.push(`${relation.database}.${relation.schema}.${relation.name}`)
  }
  return { matched, unmatched }
}
