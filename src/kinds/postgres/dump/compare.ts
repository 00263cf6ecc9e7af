import type { ReadIo } from '../../../model/io.ts'
import { badSequences, sequencesOf } from '../compare/compare.ts'
import { hashDatabaseOf } from '../compare/hash-sql.ts'
import { socketFolder } from '../safety-copy/place.ts'
import { inDatabase } from '../sides.ts'
import { literal } from '../sql.ts'
import { ask } from './commands.ts'
import { createdRoles } from './note.ts'
import type { DumpSide, DumpSides } from './place.ts'

type Ends = Pick<DumpSides, 'source' | 'target'>
/** `different`: what is not the same at both, by name. */
type Compared = { different: string[]; rows: number; tables: number }

/** Neither side's rows leave their server. Sums of one database are made at both sides at the same time. */
export async function comparedWithSource(
  ends: Ends,
  databases: readonly string[],
  io: ReadIo,
): Promise<Compared> {
  const all: Compared = { different: await differentAround(ends, databases, io), rows: 0, tables: 0 }
  for (const [index, database] of databases.entries()) {
    io.report({ note: database, itemsDone: index, itemsTotal: databases.length })
    const [source, target] = await Promise.all([
      linesOf(ends.source, database, io),
      linesOf(ends.target, database, io),
    ])
    const tables = source.filter(line => line.startsWith('table '))
    all.tables += tables.length
    all.rows += tables.reduce((sum, line) => sum + Number(line.split('|')[1]), 0)
    const names = [...differentLines(source, target), ...(await differentSequences(ends, database, io))]
    all.different.push(...names.map(name => `${database}: ${name}`))
  }
  return all
}

/** Names, the part before the first `|`, of lines that only one has. */
export function differentLines(source: readonly string[], target: readonly string[]): string[] {
  const [here, there] = [new Set(source), new Set(target)]
  const alone = [...source.filter(line => !there.has(line)), ...target.filter(line => !here.has(line))]
  return [...new Set(alone.map(line => line.split('|')[0] ?? ''))].sort()
}

async function linesOf(side: DumpSide, database: string, io: ReadIo): Promise<string[]> {
  const socket = await socketFolder(side, io)
  const text = `begin isolation level repeatable read, read only;\n${hashDatabaseOf('p', 'u')}\n${extensions}\n`
  const { stdout } = await io.read(side.host, ask(side, socket, database), {
    asUser: 'postgres',
    input: text,
  })
  return stdout.split('\n').filter(line => line !== '')
}

const extensions = "select 'extension ' || extname from pg_extension;"

async function differentSequences({ source, target }: Ends, database: string, io: ReadIo): Promise<string[]> {
  const of = (side: DumpSide) => sequencesOf(side, { name: database, oid: 0 }, io)
  const [here, there] = await Promise.all([of(source), of(target)])
  return badSequences(here, there).map(name => `sequence ${name}`)
}

/** What stands around the databases: roles, memberships, settings, owners, locales and rights. */
async function differentAround(
  { source, target }: Ends,
  databases: readonly string[],
  io: ReadIo,
): Promise<string[]> {
  const roles = (await createdRoles(target, io)) ?? []
  const text = around(roles, databases)
  const of = async (side: DumpSide) =>
    (await io.query(inDatabase(side, side.sql.database), text)).map(row => String(row.line))
  const [here, there] = await Promise.all([of(source), of(target)])
  return differentLines(here, there)
}

function around(roles: readonly string[], databases: readonly string[]): string {
  const list = (names: readonly string[]): string => [...names, ''].map(literal).join(', ')
  const [ours, moved] = [list(roles), list(databases)]
  // a password's hash is compared, and does not leave its server
  return `
    select concat_ws('|', 'role ' || rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
      rolbypassrls, rolconnlimit, rolvaliduntil, md5(coalesce(rolpassword, ''))) as line from pg_authid where rolname in (${ours})
    union all
    select concat_ws('|', 'member ' || m.rolname || ' of ' || g.rolname, a.admin_option) from pg_auth_members a
      join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid where m.rolname in (${ours})
    union all
    select concat_ws('|', 'settings of ' || coalesce(r.rolname, '') || ' in ' || coalesce(d.datname, ''), array_to_string(s.setconfig, ','))
      from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase left join pg_roles r on r.oid = s.setrole
      where (s.setdatabase <> 0 and d.datname in (${moved})) or (s.setdatabase = 0 and r.rolname in (${ours}))
    union all
    select concat_ws('|', 'database ' || datname, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype,
      coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),
      (select string_agg(concat_ws('=', case when x.grantee = 0 then 'public' else pg_get_userbyid(x.grantee)::text end,
        x.privilege_type, x.is_grantable), ',' order by x.grantee = 0, pg_get_userbyid(x.grantee)::text, x.privilege_type)
       from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x))
      from pg_database d where datname in (${moved})`
}
