import { createHash } from 'node:crypto'
import type { Row } from '../../src/model/io.ts'
import { lsnOf, oidOf, rowsPerBlock } from './postgres-directory.ts'
import {
  type Answer,
  inRecovery,
  isActive,
  type Session,
  SqlError,
  server,
  settingOf,
} from './postgres-statements.ts'

const tables = ({ at, database }: Session) =>
  Object.entries(at.data.content.databases[database]?.tables ?? {}).map(([table, rows]) => {
    const [schema = '', name = ''] = table.split('.')
    const own = at.data.content.databases[database]
    return { schema, name, rows: rows.map(at.asRead), oid: own ? oidOf(own, table) : 0 }
  })
const databases = ({ at }: Session) => Object.entries(at.data.content.databases)
const written = (session: Session): string => {
  if (inRecovery(session)) throw new SqlError('55000', 'recovery is in progress')
  return lsnOf(session.at.data.last.end)
}
const followerOf = ({ at, clusters }: Session) => (at === clusters.source ? clusters.target : clusters.source)
const commitsOf = (session: Session, streaming: boolean) => {
  const names = server(session).settings.synchronous_standby_names ?? ''
  return { names, sync: !streaming ? '' : names === '' ? 'async' : 'sync' }
}
const named = (names: readonly string[]): Row[] => names.map(name => ({ name }))

export const reads: [RegExp, Answer][] = [
  [/^select 1$/, () => [{ one: 1 }]],
  [/^select pg_is_in_recovery\(\)::text$/, session => [{ is: String(inRecovery(session)) }]],
  [
    /^select pg_is_in_recovery\(\) and pg_is_wal_replay_paused\(\) as paused$/,
    session => [{ paused: inRecovery(session) && server(session).isPaused }],
  ],
  [/^select pg_current_wal_(flush|insert)_lsn\(\)::text$/, session => [{ at: written(session) }]],
  [
    /^select pg_last_wal_replay_lsn\(\)::text$/,
    session => [
      { at: inRecovery(session) ? lsnOf(session.at.data.seen.end) : (server(session).replayedLast ?? null) },
    ],
  ],
  [
    /^select greatest\(pg_last_wal_receive_lsn\(\), pg_last_wal_replay_lsn\(\)\)::text as received, /,
    session =>
      inRecovery(session)
        ? [{ received: lsnOf(session.at.data.seen.end), at: '1970-01-01T00:00:00.000Z' }]
        : [{ received: null, at: null }],
  ],
  [
    /^select pg_current_wal_flush_lsn\(\)::text as written, clock_timestamp\(\).* s\.slot_name = '(\w+)' left join/,
    (session, [, slot = '']) => {
      const kept = session.at.data.slots.get(slot)
      const streaming = isActive(session, slot)
      const now = new Date(session.clusters.seconds * 1000).toISOString()
      return [
        {
          ...{ written: written(session), now, there: kept !== undefined },
          ...{ status: kept?.lost === true ? 'lost' : 'reserved', streaming, lag: 0 },
          flushed: streaming ? lsnOf(followerOf(session).data.last.end) : '',
          ...commitsOf(session, streaming),
        },
      ]
    },
  ],
  [
    /^select current_setting\('synchronous_standby_names'\) as names,/,
    session => {
      const { names, sync } = commitsOf(session, isActive(session, 'bascule_reverse'))
      return [{ names, state: sync }]
    },
  ],
  [
    /^select pg_is_in_recovery\(\) as standby, /,
    session => [{ standby: inRecovery(session), position: lsnOf(session.at.data.last.end), age: 0 }],
  ],
  [/^select pg_snapshot_xmax\(/, session => [{ next: written(session) && `${session.at.data.log.length}` }]],
  [/^select pg_snapshot_xmin\(.* as settled$/, ({ clusters }) => [{ settled: !clusters.openTransaction }]],
  [/^select pid, usename, xact_start/, () => [{ pid: 77, usename: 'estate', xact_start: '' }]],
  [
    /^select timeline_id as checkpointed,/,
    ({ at }) => [{ checkpointed: at.data.checkpoint.timeline, written: at.data.last.timeline }],
  ],
  [/^select backup_streamed/, () => []],
  [
    /^select 1 as yes from pg_stat_replication r .*s\.slot_name = '(\w+)' and r\.application_name = '(\w+)'/,
    (session, [, slot = '', name = '']) =>
      isActive(session, slot) &&
      [session.clusters.source, session.clusters.target].some(other =>
        other.server?.settings.primary_conninfo?.endsWith(`application_name=${name}`),
      )
        ? [{ yes: 1 }]
        : [],
  ],
  [
    /^select active, .* from pg_replication_slots where slot_name = \$1$/,
    session => {
      const name = String(session.values[0])
      const slot = session.at.data.slots.get(name)
      return slot
        ? [{ active: isActive(session, name), status: slot.lost ? 'lost' : 'reserved', lsn: '0/0' }]
        : []
    },
  ],
  [
    /^select slot_name, slot_type, active, .* from pg_replication_slots$/,
    session =>
      [...session.at.data.slots].map(([name, { lost, isLogical }]) => ({
        slot_name: name,
        slot_type: isLogical ? 'logical' : 'physical',
        active: isActive(session, name),
        wal_status: lost ? 'lost' : 'reserved',
        retained: 0,
      })),
  ],
  [
    /^select setting from pg_file_settings where name = '(\w+)'( and sourcefile like '%\/postgresql\.auto\.conf')?/,
    ({ at }, [, name, auto]) =>
      at
        .fileSettings()
        .filter(one => one.name === name && (auto === undefined || one.sourcefile.endsWith('auto.conf')))
        .map(({ setting }) => ({ setting }))
        .slice(-1),
  ],
  [
    /^select name, setting from pg_file_settings where sourcefile like '%\/postgresql\.auto\.conf'$/,
    ({ at }) => at.fileSettings().filter(({ sourcefile }) => sourcefile.endsWith('auto.conf')),
  ],
  [
    /^select lower\(f\.name\) as name, f\.sourcefile as file,/,
    ({ at }) => [
      ...Object.entries(at.settings).map(([name, value], line) => ({
        ...{ name, value, line, file: `${at.configPath}/postgresql.conf` },
      })),
      ...at
        .fileSettings()
        .map(({ name, setting, sourcefile }) => ({ name, value: setting, file: sourcefile, line: 1 })),
    ],
  ],
  [
    /^select type, database, user_name as users, auth_method as method,/,
    ({ at }) =>
      (at.files.get(at.hbaPath) ?? '')
        .split('\n')
        .filter(line => /^(local|host)/.test(line))
        .map(line => line.split('\t'))
        .map(([type = '', database = '', user = '', ...rest]) => ({
          ...{ type, database: [database], users: [user], method: rest.at(-1) ?? '', options: [] },
          address: type === 'local' ? '' : (rest[0] ?? ''),
        })),
  ],
  [
    /^select r\.rolname as name, d\.datname as database,/,
    ({ at }) =>
      Object.keys(at.data.content.roles)
        .filter(name => name !== 'bascule')
        .map(name => ({ name, database: 'techcorp', md5: false, groups: [] })),
  ],
  [
    /^select coalesce\(current_setting\('bascule\.copy_id', true\), ''\)$/,
    session => [{ id: settingOf(session, 'bascule.copy_id') }],
  ],
  [
    /^select current_setting\('(\w+)'\)::int as \1(?:, current_setting.*)?$/,
    (session, [text]) => [
      Object.fromEntries(
        [...text.matchAll(/ as (\w+)/g)].map(([, name = '']) => {
          const value = settingOf(session, name)
          return [name, name === 'wal_level' ? value : Number(value)]
        }),
      ),
    ],
  ],
  [
    /^select current_setting\('server_version'\) as version,/,
    ({ at }) => [
      {
        version: at.facts.version,
        num: at.facts.number,
        ssl: at.facts.tls ? 'on' : 'off',
        checksums: 'on',
        identifier: at.data.identifier,
        superuser: at.facts.superuser,
        icu: '153.120',
      },
    ],
  ],
  [
    /^select system_identifier::text from pg_control_system\(\)$/,
    ({ at }) => [{ identifier: at.data.identifier }],
  ],
  [
    /^select current_setting\('wal_level'\) as level,/,
    session => [
      {
        level: settingOf(session, 'wal_level'),
        senders: 10,
        slots: 10,
        keep: '0',
        slot_keep: settingOf(session, 'max_slot_wal_keep_size'),
        senders_used: 0,
        connections: server(session).sessions + 1,
        walinspect: true,
      },
    ],
  ],
  [/^select bool_or\('replication'/, session => [{ any: server(session).hba.includes('\treplication\t') }]],
  [/^select 1 as yes from pg_ls_waldir\(\)/, ({ clusters }) => (clusters.lostLog ? [] : [{ yes: 1 }])],
  [/^select spcname as name/, () => []],
  [
    /^select gid as name|^select gid, database/,
    ({ clusters }) => clusters.preparedTransactions.map(gid => ({ name: gid, gid, database: 'techcorp' })),
  ],
  [/^select distinct a\.usename as name/, () => []],
  [
    /^select extname/,
    ({ at, database }) =>
      named(database === 'postgres' ? at.data.content.extensions.map(name => `${name} 1.0`) : []),
  ],
  [/^select collname::text/, () => []],
  [
    /^select datname, pg_database_size\(oid\)::int8 as size/,
    session =>
      databases(session).map(([datname, { limit }]) => ({
        ...{ datname, size: 8e6, encoding: 'UTF8', datcollate: 'fr_FR.UTF-8', datctype: 'fr_FR.UTF-8' },
        ...{ provider: 'c', collversion: '2.36', datconnlimit: limit },
      })),
  ],
  [
    /^select datname, (oid::int8 as oid|datconnlimit) from pg_database where/,
    session => databases(session).map(([datname, { oid, limit }]) => ({ datname, oid, datconnlimit: limit })),
  ],
  [
    /^select bool_and\(datconnlimit = 0\) as closed/,
    session => [{ closed: databases(session).every(([, { limit }]) => limit === 0) }],
  ],
  [
    /^select 1 as yes from pg_database where datallowconn .* datconnlimit <> 0$/,
    session => databases(session).flatMap(([, { limit }]) => (limit === 0 ? [] : [{ yes: 1 }])),
  ],
  [
    /^select datconnlimit <> 0 as open/,
    ({ at, database }) => {
      const own = at.data.content.databases[database]
      if (own === undefined) throw new SqlError('3D000', `database "${database}" does not exist`)
      return [{ open: own.limit !== 0 }]
    },
  ],
  [/^select count\(\*\) from pg_stat_activity/, session => [{ count: server(session).sessions }]],
  [
    /^select value from bascule\.kept where key = \$1$/,
    ({ at, values }) => {
      const { notes } = at.data.content
      if (notes === undefined) throw new SqlError('42P01', 'relation "bascule.kept" does not exist')
      const value = notes.kept[String(values[0])]
      return value === undefined ? [] : [{ value: JSON.parse(value) }]
    },
  ],
  [
    /^select 1 as yes from bascule\.marker where text = '(.*)' limit 1$/,
    ({ at }, [, text = '']) => (at.data.content.notes?.markers.includes(text) ? [{ yes: 1 }] : []),
  ],
  [
    /^select 1 as yes from pg_extension where extname = '(\w+)'$/,
    ({ at }, [, name = '']) => (at.data.content.extensions.includes(name) ? [{ yes: 1 }] : []),
  ],
  [/^select 1 as yes from pg_available_extensions/, () => [{ yes: 1 }]],
  [
    /^select 1 as yes from pg_roles where rolname = \$1 and not rolsuper and has_function_privilege\(/,
    ({ at, values }) => {
      const role = at.data.content.roles[String(values[0])]
      const mayRead = role?.functions.includes('pg_catalog.pg_read_binary_file(text)') === true
      return mayRead && !role.superuser ? [{ yes: 1 }] : []
    },
  ],
  [
    /^select 1 as yes from pg_roles where rolname = \$1$/,
    ({ at, values }) => (at.data.content.roles[String(values[0])] ? [{ yes: 1 }] : []),
  ],
  [/^select 1 as yes from pg_class c/, session => (tables(session).length > 0 ? [{ yes: 1 }] : [])],
  [/^select n\.nspname \|\| '\.' \|\| c\.relname as name, (s\.seqincrement|exists)/, () => []],
  [
    /^select n\.nspname \|\| '\.' \|\| c\.relname as name/,
    session =>
      tables(session).map(({ schema, name }) => ({
        name: `${schema}.${name}`,
        size: 8192,
        relpersistence: 'p',
      })),
  ],
  [
    /^select c\.oid::int8 as oid, n\.nspname/,
    session =>
      tables(session).map(({ schema, name, oid, rows }) => ({
        ...{ oid, nspname: schema, relname: name, relisshared: false, filenode: oid },
        blocks: Math.ceil(rows.length / rowsPerBlock),
      })),
  ],
  [/^select distinct substr\(probin, 9\) as name/, () => named(['plpgsql'])],
  [/^select a\.attname::text as name from pg_index/, () => []],
  [
    /^select database, filenode, lower\(span\) as first/,
    ({ at, values }) => {
      const [from, to] = values.map(value => Number.parseInt(String(value).slice(2), 16))
      return at.data.log
        .filter(({ start, end }) => start >= (from ?? 0) && end <= (to ?? 0))
        .flatMap(({ touched }) => touched)
        .map(block => block.split('/').map(Number))
        .map(([database = 0, filenode = 0, first = 0]) => ({ database, filenode, first, past: first + 1 }))
    },
  ],
  [
    /^select \d+ as stretch,/,
    (session, { input = '' }) =>
      stretchesIn(session, input).map(({ rows }, stretch) => ({
        ...{ stretch, rows: rows.length, first: rows.map(({ digest }) => digest).join(), second: '' },
      })),
  ],
  [
    /^select md5\(content\) as digest/,
    (session, { input = '' }) => stretchesIn(session, input).flatMap(({ rows }) => rows),
  ],
]

/** The rows of the blocks that a comparison names. */
function stretchesIn(session: Session, text: string) {
  const named = [...text.matchAll(/from only "(\w+)"\."(\w+)" .*?>= '\((\d+),0\)' .*?< '\((\d+),0\)'/g)]
  if (named.length === 0) throw new Error(`no stretch is named in ${text}`)
  return named.map(([, schema, name, from, to]) => ({
    rows: (tables(session).find(table => table.schema === schema && table.name === name)?.rows ?? [])
      .map((row, at) => ({
        digest: createHash('md5').update(row).digest('hex'),
        block: Math.floor(at / rowsPerBlock),
        key: `ctid=${at}`,
      }))
      .filter(({ block }) => block >= Number(from) && block < Number(to)),
  }))
}
