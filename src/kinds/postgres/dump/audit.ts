import type { ReadIo } from '../../../model/io.ts'
import { namesOf } from '../audit-databases.ts'
import { auditBoth } from '../audit-sides.ts'
import type { PostgresFacts } from '../facts.ts'
import { inDatabase, programPath } from '../sides.ts'
import { queryText } from '../sql.ts'
import { userDatabases } from '../user-data.ts'
import { type DumpSide, type DumpSides, movedDatabases, ownDatabase } from './place.ts'
import { rolesAt } from './roles.ts'

/** Any text: two servers that sum it alike have the same hash function. */
const hashed =
  "select hashtextextended('bascule', 0) || ' ' || hashtextextended('bascule', 7046029254386353131)"

export async function auditForDump(sides: DumpSides, io: ReadIo): Promise<PostgresFacts> {
  const { source, target, spec } = sides
  await io.secret(spec.admin.password)
  const hash = await queryText(io, source.sql, hashed)
  return auditBoth(
    sides,
    {
      ours: spec.admin.user,
      source: () => sourceFacts(source, io),
      target: isUp => targetFacts(target, isUp, hash, io),
    },
    io,
  )
}

async function sourceFacts(source: DumpSide, io: ReadIo): Promise<PostgresFacts> {
  const superuserSessions = await namesOf(
    source,
    `select distinct a.usename as name from pg_stat_activity a join pg_roles r on r.rolname = a.usename
     where r.rolsuper and a.usename <> current_user and a.backend_type = 'client backend'`,
    io,
  )
  const databases = await movedDatabases(source, io)
  let dumpBytes = 0
  for (const name of databases) dumpBytes += await dataBytes(source, name, io)
  return {
    superuserSessions,
    dumpBytes,
    sourceRoles: await rolesAt(source, io),
    heldBack: (await userDatabases(source, io)).filter(name => name === ownDatabase),
    unmoved: await namesOf(
      source,
      `select datname as name from pg_database
       where (datistemplate or not datallowconn) and datname not in ('template0', 'template1')`,
      io,
    ),
    subscriptions: await namesOf(source, 'select subname as name from pg_subscription', io),
  }
}

/** Tables with their large values and objects, without indexes: what a dump has, written out. */
const dataBytes = async (source: DumpSide, database: string, io: ReadIo): Promise<number> =>
  Number(
    await queryText(
      io,
      inDatabase(source, database),
      `select coalesce(sum(pg_table_size(c.oid)), 0)::int8 from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r' and (n.nspname !~ '^pg_' and n.nspname <> 'information_schema' or c.relname = 'pg_largeobject')`,
    ),
  )

async function targetFacts(
  target: DumpSide,
  isUp: boolean,
  hash: string,
  io: ReadIo,
): Promise<PostgresFacts> {
  const { stdout } = await io.read(target.host, [programPath(target, 'pg_dump'), '--version'], {
    allowFailure: true,
  })
  const dumpVersion = /\d[\d.]*/.exec(stdout)?.[0] ?? ''
  if (!isUp) return { dumpVersion }
  return {
    dumpVersion,
    targetRoles: await rolesAt(target, io),
    targetDatabases: await namesOf(target, 'select datname as name from pg_database order by 1', io),
    hashesAlike: (await queryText(io, target.sql, hashed)) === hash,
  }
}
