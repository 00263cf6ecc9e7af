import type { ReadIo } from '../../model/io.ts'
import type { PostgresFacts } from './facts.ts'
import type { ClusterSide } from './sides.ts'

/** One line of pg_hba.conf. `address` may have its netmask beside it; it is empty for a socket. */
export type HbaLine = {
  type: string
  databases: readonly string[]
  users: readonly string[]
  address: string
  method: string
  options: readonly string[]
}
/** A role that may log in to a database, as far as its privileges go. */
export type Login = {
  user: string
  database: string
  /** Those of the groups named in pg_hba.conf that it belongs to. */
  groups: readonly string[]
  /** Its password is stored in the old form, with which SCRAM is not possible. */
  isMd5: boolean
}

/** Who may log in, by what stands beside the data in /etc. `ours`: the role that Bascule lets in by lines of its own. */
export async function accessFacts(
  { source, target }: Record<'source' | 'target', ClusterSide>,
  ours: string,
  io: ReadIo,
): Promise<PostgresFacts> {
  const [here, there] = [await hbaOf(source, ours, io), await hbaOf(target, ours, io)]
  const found = await loginsOf(source, [...here, ...there], io)
  const logins = found.slice(0, mostLogins)
  return {
    ...{ hbaMissing: missingLines(here, there), shutOut: shutOut(here, there, logins) },
    ...(found.length > logins.length && { loginsJudged: logins.length }),
  }
}

/** Roles times databases. What is judged of each goes through all lines of both files. */
const mostLogins = 5000

/** Without Bascule's own lines, and without passwords among the options. */
async function hbaOf(side: ClusterSide, ours: string, io: ReadIo): Promise<HbaLine[]> {
  const rows = await io.query(
    side.sql,
    `select type, database, user_name as users, auth_method as method,
       concat_ws(' ', address, case when netmask <> '' and address ~ '^[0-9a-fA-F.:]+$' then netmask end) as address,
       array(select option from unnest(options) option where option !~* 'passw|secret') as options
     from pg_hba_file_rules where error is null order by line_number`,
  )
  return rows
    .map(row => ({
      type: String(row.type),
      databases: texts(row.database),
      users: texts(row.users),
      address: String(row.address ?? ''),
      method: String(row.method),
      options: texts(row.options),
    }))
    .filter(({ users }) => !(users.length === 1 && users[0] === ours))
}

async function loginsOf(side: ClusterSide, lines: readonly HbaLine[], io: ReadIo): Promise<Login[]> {
  const groups = lines.flatMap(({ users }) => users.filter(user => user.startsWith('+')))
  const rows = await io.query(
    side.sql,
    `select r.rolname as name, d.datname as database, coalesce(a.rolpassword like 'md5%', false) as md5,
       array(select g.rolname::text from pg_roles g where g.rolname = any($2) and pg_has_role(r.oid, g.oid, 'member')) as groups
     from pg_roles r join pg_authid a on a.oid = r.oid join pg_database d on d.datname = any($1)
     where r.rolcanlogin and r.rolname <> current_user and has_database_privilege(r.oid, d.oid, 'connect')
     order by r.rolname, d.datname limit ${mostLogins + 1}`,
    [[...side.spec.databases], groups.map(group => group.slice(1))],
  )
  return rows.map(row => ({
    user: String(row.name),
    database: String(row.database),
    groups: texts(row.groups),
    isMd5: row.md5 === true,
  }))
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** As it stands in the file. */
const asTyped = ({ type, databases, users, address, method, options }: HbaLine): string =>
  [type, databases.join(','), users.join(','), address, method, ...options].filter(Boolean).join(' ')

/** Lines of the source that the target does not have word for word. */
export function missingLines(source: readonly HbaLine[], target: readonly HbaLine[]): string[] {
  const there = new Set(target.map(asTyped))
  return source.map(asTyped).filter(line => !there.has(line))
}

/** Who gets in at the source and, in no way that would do for him, at the target: `user@database`. */
export function shutOut(
  source: readonly HbaLine[],
  target: readonly HbaLine[],
  logins: readonly Login[],
): string[] {
  return logins
    .filter(login =>
      reaches.some(reach => {
        const [here, there] = [methodsFor(login, reach, source), methodsFor(login, reach, target)]
        return here.length > 0 && !here.some(method => there.some(other => does(method, other)))
      }),
    )
    .map(({ user, database }) => `${user}@${database}`)
}

const reaches = ['socket', 'loopback', 'network'] as const
const reachOf = ({ type, address }: HbaLine): (typeof reaches)[number] => {
  if (type === 'local') return 'socket'
  return /^(127\.|::1\b|samehost$)/.test(address) ? 'loopback' : 'network'
}

/** By which methods a login may succeed, from one address or another: the lines up to the first for all addresses. */
function methodsFor(login: Login, reach: (typeof reaches)[number], lines: readonly HbaLine[]): string[] {
  const found: string[] = []
  for (const line of lines) {
    const isFromAnywhere = /^(all|0\.0\.0\.0[ /]0.*|::([ /](0|::))?)$/.test(line.address)
    const isFor = reachOf(line) === reach || (reach === 'loopback' && isFromAnywhere)
    if (!isFor || !holds(line, login)) continue
    const canBeMet = line.method !== 'reject' && !(login.isMd5 && line.method === 'scram-sha-256')
    if (canBeMet) found.push(line.method)
    if (reach === 'socket' || (isFromAnywhere && line.type === 'host')) break
  }
  return found
}

const holds = ({ databases, users }: HbaLine, { user, database, groups }: Login): boolean =>
  databases.some(
    name =>
      name === 'all' ||
      name === database ||
      (name === 'sameuser' && user === database) ||
      (/^same(role|group)$/.test(name) && groups.includes(database)),
  ) &&
  users.some(
    name => name === 'all' || name === user || (name.startsWith('+') && groups.includes(name.slice(1))),
  )

const passwords = ['md5', 'scram-sha-256', 'password']

const does = (here: string, there: string): boolean =>
  there === 'trust' || here === there || (passwords.includes(here) && passwords.includes(there))
