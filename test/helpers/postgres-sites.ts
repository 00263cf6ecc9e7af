import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { vi } from 'vitest'
import { databaseFingerprints } from '../../lab/database/raise.ts'
import { ownName } from '../../lab/lab.ts'
import { kind } from '../../src/kinds/postgres/index.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { raiseTwoSites, type TwoSites } from './two-sites.ts'

export const source = 'montpellier-database'
export const target = 'toulouse-database'
export const prepareSteps = ['allow-replication', 'create-slot', 'seed', 'prove']
export const nightSteps = ['fence', 'drain', 'stop-source', 'promote', 'reverse', 'accept']

const secretOf = (lab: string, name: string) => `/var/lib/bascule-lab/${lab}/secrets/${name}`

/** Of a lab, by what they are for. */
export const secretReferences = (lab: string) => ({
  admin: `file:${secretOf(lab, 'database-bascule')}`,
  replication: `file:${secretOf(lab, 'database-replication')}`,
})

/** Two clusters in a lab of their own; the plan's one component is the database. `more`: of its fields. */
export function raisePostgres(named: string, more: JsonObject = {}): Promise<TwoSites> {
  const name = ownName(named)
  const { admin, replication } = secretReferences(name)
  return raiseTwoSites(
    kind,
    lab => {
      const { montpellier, toulouse } = databaseFingerprints(lab.name)
      return {
        id: 'database',
        spec: {
          method: 'streaming',
          cluster: '15/main',
          source: { host: 'database', fingerprint: montpellier },
          target: { host: 'database', fingerprint: toulouse },
          admin: { user: 'bascule', password: admin },
          databases: ['techcorp'],
          replication: { password: replication, maxSlotWalKeepGB: 2 },
          ...more,
        },
      }
    },
    { name, parts: ['database'] },
  )
}

/** A program of the estate: no superuser, no knowledge of Bascule. */
export function userAt(sites: TwoSites, host: string): pg.Pool {
  const password = readFileSync(join(sites.lab.secretsDirectory, 'database-estate'), 'utf8')
  const pool = new pg.Pool({
    host: sites.lab.hosts[host]?.address ?? '',
    user: 'estate',
    password,
    database: 'techcorp',
    ssl: { rejectUnauthorized: false },
    max: 2,
    connectionTimeoutMillis: 2000,
  })
  pool.on('error', () => undefined)
  return pool
}

/** Asks as the superuser of the host itself. */
export const psql = async (sites: TwoSites, host: string, statement: string, database = 'postgres') =>
  (
    await sites.at(
      host,
      `cd /; runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -d ${database} <<'SQL'\n${statement}\nSQL`,
    )
  ).trim()

export const stateAt = async (sites: TwoSites, host: string): Promise<'down' | 'standby' | 'primary'> => {
  const answer = await psql(sites, host, 'select pg_is_in_recovery()').catch(() => 'down')
  return answer === 't' ? 'standby' : answer === 'f' ? 'primary' : 'down'
}

/**
 * Changes a text in a table's file at a stopped server, as a broken disk or a bug of replication would, with the page's
 * checksum made to fit: nothing but a comparison of the rows can find it.
 */
export async function forge(sites: TwoSites, host: string, table: string, from: string, to: string) {
  if (from.length !== to.length) throw new Error('a forged text must be as long as the true one')
  const path = await psql(sites, host, `select pg_relation_filepath('${table}')`, 'techcorp')
  const data = '/var/lib/postgresql/15/main'
  const checksums = `runuser -u postgres -- /usr/lib/postgresql/15/bin/pg_checksums -D ${data}`
  await sites.at(
    host,
    `set -e
     pg_ctlcluster 15 main stop -m fast
     perl -0777 -pi -e 's/${from}/${to}/ or die "not found"' ${data}/${path}
     chown postgres: ${data}/${path}
     ${checksums} --disable >/dev/null; ${checksums} --enable --no-sync >/dev/null
     pg_ctlcluster 15 main start`,
  )
}

/** Waits until the copy has replayed what the source has written so far. */
export async function targetHasAll(sites: TwoSites): Promise<void> {
  const written = await psql(sites, source, 'select pg_current_wal_flush_lsn()')
  const replayed = `select pg_last_wal_replay_lsn() >= '${written}'`
  await vi.waitUntil(async () => (await psql(sites, target, replayed)) === 't', {
    timeout: 200_000,
    interval: 100,
  })
}

/** Everything of the host that the steps of `prepare` touch, to compare before and after. */
export const portrait = (sites: TwoSites, host: string) =>
  sites.at(
    host,
    `cd /; for f in $(find /etc/postgresql/15/main -type f | sort) /var/lib/postgresql/15/main/postgresql.auto.conf
     do echo "== $f $(stat -c '%a %U' $f)"; cat $f; done
     ls -A /var/lib/postgresql/15
     runuser -u postgres -- psql -XAt -c "select slot_name from pg_replication_slots"       -c "select extname from pg_extension" -c "select rolname from pg_roles order by 1"       -c "select nspname from pg_namespace order by 1" -c "show max_slot_wal_keep_size"       -c "select datname, datconnlimit from pg_database order by 1"`,
  )

/**
 * What at a host has Bascule's name, or lets somebody read its data from elsewhere, one line each: files, lines of files, roles and their
 * rights, slots, settings. The laboratory's own are among them.
 */
export async function traces(sites: TwoSites, host: string): Promise<string[]> {
  const statements = [
    "select 'role', rolname, rolsuper, rolreplication from pg_roles",
    "select 'granted', proname, acl.grantee::regrole from pg_proc, aclexplode(proacl) acl where acl.grantee <> 0",
    "select 'slot', slot_name from pg_replication_slots",
    "select 'extension', extname from pg_extension",
    "select 'schema', nspname from pg_namespace where nspname !~ '^pg_(toast_)?temp'",
    `select 'setting', name, setting from pg_settings where name in ('max_slot_wal_keep_size', 'primary_conninfo', 'primary_slot_name')
       or name like 'bascule%' or setting like '%bascule%'`,
    "select 'line', type, database, user_name, address from pg_hba_file_rules",
  ]
  const asked = statements.map(statement => `-c "${statement}"`).join(' ')
  const printed = await sites.at(
    host,
    `cd /; find /etc /root /home /srv /run /var/lib /var/spool -xdev -iname '*bascule*' -not -path '/var/lib/bascule-lab*' 2>/dev/null || true
     grep -rIs bascule /etc /root /var/spool/cron /var/lib/postgresql/15/main/*.conf || true
     runuser -u postgres -- psql -XAt ${asked}`,
  )
  return printed.trim().split('\n').sort()
}

/**
 * A door that shuts for good after the given number of effects: what a killed program leaves behind. `effects` tells
 * how many there were.
 */
export function crashing(sites: TwoSites, after: number): ChangeIo & { effects(): number } {
  const killed = new AbortController()
  const io = sites.io(killed.signal)
  let count = 0
  const guard =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const result = await work(...args)
      count++
      if (count >= after) killed.abort(new Error('killed'))
      killed.signal.throwIfAborted()
      return result
    }
  return {
    ...io,
    change: guard(io.change),
    execute: guard(io.execute),
    writeFile: guard(io.writeFile),
    effects: () => count,
  }
}

/** The same, shut from the first command that `isLast` knows on: by what it does, for how many there were before depends on the machine. */
export function dyingBefore(sites: TwoSites, isLast: (argv: readonly string[]) => boolean): ChangeIo {
  const killed = new AbortController()
  const io = sites.io(killed.signal)
  return {
    ...io,
    change: async (host, argv, options) => {
      if (isLast(argv)) killed.abort(new Error('killed'))
      killed.signal.throwIfAborted()
      return io.change(host, argv, options)
    },
  }
}

let nextId = 0
/** Writes one row after another, at whichever site takes it, and keeps a list of what was acknowledged. */
export function startWriter(sites: TwoSites) {
  const pools = [userAt(sites, source), userAt(sites, target)]
  const acknowledged: { id: number; at: number }[] = []
  let running = true
  const write = async (): Promise<void> => {
    while (running) {
      const id = nextId++
      for (const [at, pool] of pools.entries()) {
        const taken = await pool.query('insert into ledger (id) values ($1)', [id]).then(
          () => true,
          () => false,
        )
        if (taken) acknowledged.push({ id, at })
        if (taken) break
      }
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
  const done = write()
  return {
    acknowledged,
    async stop() {
      running = false
      await done
      await Promise.all(pools.map(pool => pool.end()))
    },
  }
}

/** Acknowledged rows that are not there exactly once. */
export async function missing(sites: TwoSites, host: string, acknowledged: { id: number }[]) {
  const rows = await psql(sites, host, 'select id, count(*) from ledger group by id', 'techcorp')
  const counts = new Map(rows.split('\n').map(line => line.split('|').map(Number) as [number, number]))
  return acknowledged.filter(({ id }) => counts.get(id) !== 1).map(({ id }) => id)
}
