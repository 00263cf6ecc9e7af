import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kind } from '../../src/kinds/postgres/index.ts'
import { Failure } from '../../src/model/failure.ts'
import type { RunMode } from '../../src/model/step.ts'
import { dispatchThrough } from '../../src/run/dispatch.ts'
import {
  crashing,
  dyingBefore,
  forge,
  portrait,
  prepareSteps,
  psql,
  raisePostgres,
  source,
  stateAt,
  target,
} from '../helpers/postgres-sites.ts'
import type { TwoSites } from '../helpers/two-sites.ts'
import { areSweepsWhole } from '../helpers/whole-sweeps.ts'

let sites: TwoSites
const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof Failure) return thrown
  throw new Error('it was to end with a Failure', { cause: thrown })
}
const about = (mode: RunMode) => ({ plan: sites.plan, mode, facts: sites.facts })
const levels = () =>
  kind
    .findings(sites.component, sites.facts.database ?? {}, about('preparation'))
    .map(({ id, level }) => `${id} ${level}`)
const isDone = (name: string) => {
  const step = sites.step('preparation', name)
  return kind.actions[step.step.action]?.isDone(step, sites.io())
}
/** What `seed` says of a copy that it finds at work. */
const follows = { how: 'already there' }
const prepare = async () => {
  for (const name of prepareSteps) await sites.apply('preparation', name)
}

beforeAll(async () => {
  sites = await raisePostgres('pg-prepare')
  await psql(sites, source, "alter system set log_statement = 'all'")
  await psql(sites, source, 'select pg_reload_conf()')
})
afterAll(async () => {
  await sites?.close()
})

describe('audit', () => {
  test('changes nothing and finds two clusters ready for it', async () => {
    const before = [await portrait(sites, source), await portrait(sites, target)]
    await sites.audit()
    expect([await portrait(sites, source), await portrait(sites, target)]).toEqual(before)
    expect(levels()).toEqual(['database.ready ok', 'database.not-compared ok'])
    const value = (name: string) => sites.facts.database?.[name]?.value
    expect(value('sourceGlibc')).toMatch(/^glibc \d/)
    expect(value('targetUserDatabases')).toEqual([])
    expect(value('tableCount')).toBe(
      Number(
        await psql(sites, source, "select count(*) from pg_tables where schemaname = 'public'", 'techcorp'),
      ),
    )
    expect(value('sizeBytes')).toBeGreaterThan(1e6)
  })

  test('finds what must stop the migration', async () => {
    await psql(sites, target, 'create database somebody')
    await psql(sites, source, 'create unlogged table forgotten (a int)', 'techcorp')
    await sites.audit()
    expect(levels()).toEqual([
      'database.unlogged warn',
      'database.foreign-data block',
      'database.not-compared ok',
    ])
    await psql(sites, source, 'drop table forgotten', 'techcorp')
  })

  test('finds settings, packages and lines of pg_hba.conf that would harm the night, and none of them once mended', async () => {
    const files = '/etc/postgresql/15/main'
    const changed = async (host: string, script: string) =>
      sites.at(host, `cd ${files}; cp -a postgresql.conf /tmp/conf; cp -a pg_hba.conf /tmp/hba; ${script}`)
    await changed(
      source,
      `echo "shared_preload_libraries = 'auto_explain'" > conf.d/own.conf
       echo "work_mem = '6MB'" >> conf.d/own.conf
       sed -i '1i hostssl techcorp estate 127.0.0.1/32 scram-sha-256' pg_hba.conf
       pg_ctlcluster 15 main restart`,
    )
    await psql(
      sites,
      source,
      `create unlogged table seen (id serial); create unlogged sequence tickets;
       alter system set fsync = off; alter system set primary_conninfo = 'host=elsewhere password=unseen';`,
      'techcorp',
    )
    await changed(
      target,
      `echo "max_connections = 40" >> postgresql.conf
       echo "timezone = 'Asia/Tokyo'" > conf.d/own.conf
       echo "synchronous_commit = off" >> conf.d/own.conf
       pg_ctlcluster 15 main stop; mv /var/lib/postgresql/15/main/pg_wal /var/lib/postgresql/wal
       ln -s /var/lib/postgresql/wal /var/lib/postgresql/15/main/pg_wal; pg_ctlcluster 15 main start`,
    )
    const packages = '/usr/share/postgresql/15/extension /usr/lib/postgresql/15/lib'
    await psql(sites, source, 'select pg_reload_conf()')
    await psql(sites, target, 'select pg_reload_conf()')
    await sites.at(target, `for d in ${packages}; do mount -t tmpfs none $d; done`)
    await sites.audit()
    await sites.at(target, `umount ${packages}`)
    expect(levels()).toEqual([
      'database.target-wal-link warn',
      'database.standby-settings block',
      'database.overridden block',
      'database.durability block',
      'database.synchronous-commit warn',
      'database.preload block',
      'database.meaning block',
      'database.settings warn',
      'database.extensions block',
      'database.libraries block',
      'database.shut-out block',
      'database.hba warn',
      'database.unlogged warn',
      'database.unlogged-sequences warn',
      'database.unlogged-in-use block',
      'database.foreign-data block',
      'database.not-compared ok',
    ])
    expect(JSON.stringify(sites.facts)).not.toContain('unseen')
    const told = (rule: string) =>
      kind
        .findings(sites.component, sites.facts.database ?? {}, about('preparation'))
        .find(({ id }) => id === `database.${rule}`)?.text.values
    expect(told('standby-settings')?.settings).toBe(`max_connections (${target}: 40 < 250)`)
    expect(told('extensions')?.extensions).toMatch(/pg_trgm/)
    expect(told('libraries')?.libraries).toBe('auto_explain, pg_trgm')
    expect(told('preload')?.libraries).toBe('shared_preload_libraries = auto_explain')
    expect(told('shut-out')?.logins).toBe('estate@techcorp')
    expect(told('settings')?.settings).toBe('work_mem (6MB → –)')

    const mend = `rm ${files}/conf.d/own.conf; cp -a /tmp/conf ${files}/postgresql.conf; cp -a /tmp/hba ${files}/pg_hba.conf`
    await psql(
      sites,
      source,
      `drop table seen; drop sequence tickets;
       alter system reset all;`,
      'techcorp',
    )
    for (const host of [source, target]) await sites.at(host, `${mend}; pg_ctlcluster 15 main restart`)
    await sites.at(
      target,
      `pg_ctlcluster 15 main stop; rm /var/lib/postgresql/15/main/pg_wal
       mv /var/lib/postgresql/wal /var/lib/postgresql/15/main/pg_wal; pg_ctlcluster 15 main start`,
    )
    await psql(sites, source, "alter system set log_statement = 'all'")
    await psql(sites, source, 'select pg_reload_conf()')
    await sites.audit()
    expect(levels()).toEqual(['database.foreign-data block', 'database.not-compared ok'])
  })

  test('finds a disk of the WAL that is smaller than what slots may retain, where pg_wal really lies', async () => {
    const data = '/var/lib/postgresql/15/main'
    await sites.at(
      source,
      `pg_ctlcluster 15 main stop; mkdir /var/lib/postgresql/wal
       mount -t tmpfs -o size=200m none /var/lib/postgresql/wal; mv ${data}/pg_wal /var/lib/postgresql/wal/pg_wal
       chown postgres: /var/lib/postgresql/wal; ln -s /var/lib/postgresql/wal/pg_wal ${data}/pg_wal
       pg_ctlcluster 15 main start`,
    )
    await sites.audit()
    await sites.at(
      source,
      `pg_ctlcluster 15 main stop; rm ${data}/pg_wal; mv /var/lib/postgresql/wal/pg_wal ${data}/pg_wal
       umount /var/lib/postgresql/wal; rmdir /var/lib/postgresql/wal; pg_ctlcluster 15 main start`,
    )
    expect(levels()).toContain('database.source-disk block')
    expect(sites.facts.database?.sourceWalDirectory?.value).toBe('/var/lib/postgresql/wal/pg_wal')
  })
})

describe('seed', () => {
  test('never touches a target that holds data of its own', async () => {
    await sites.apply('preparation', 'allow-replication')
    await sites.apply('preparation', 'create-slot')
    expect((await failureOf(sites.apply('preparation', 'seed'))).text.key).toBe('postgres.seed.foreignData')
    expect(await stateAt(sites, target)).toBe('primary')
    expect(await psql(sites, target, "select 1 from pg_database where datname = 'somebody'")).toBe('1')
    await psql(sites, target, 'drop database somebody')
    await sites.undo('preparation', 'create-slot')
    await sites.undo('preparation', 'allow-replication')
  })

  test('aborted in the middle, it leaves no program behind and is made again', async () => {
    await sites.apply('preparation', 'allow-replication')
    await sites.apply('preparation', 'create-slot')
    const replication = sites.component.spec.replication as Record<string, unknown>
    Object.assign(replication, { maxRateMbps: 8 })
    const seen: number[] = []
    const abort = new AbortController()
    const io = sites.io(abort.signal, ({ bytesDone = 0 }) => {
      seen.push(bytesDone)
      if (bytesDone > 4e6) abort.abort(new Error('enough'))
    })
    await failureOf(sites.apply('preparation', 'seed', io))
    expect(seen.at(-1)).toBeGreaterThan(4e6)
    await expect(sites.at(target, 'pgrep -x pg_basebackup')).rejects.toThrow()
    expect(await isDone('seed')).toBe(false)
    delete replication.maxRateMbps
    expect(await sites.apply('preparation', 'seed')).toMatchObject({ how: 'copied' })
    expect(await isDone('seed')).toEqual(follows)
    expect(await sites.apply('preparation', 'seed')).toMatchObject({ how: 'already there' })
    await sites.undo('preparation', 'seed')
    expect(await stateAt(sites, target)).toBe('primary')
    await sites.undo('preparation', 'create-slot')
    await sites.undo('preparation', 'allow-replication')
  })
})

describe('every step of the preparation', () => {
  test('applied, undone and applied again leaves no trace and arrives', async () => {
    const before = [await portrait(sites, source), await portrait(sites, target)]
    await prepare()
    for (const name of [...prepareSteps].reverse()) {
      await sites.undo('preparation', name)
      await sites.undo('preparation', name)
    }
    expect([await portrait(sites, source), await portrait(sites, target)]).toEqual(before)
    await prepare()
    expect(await stateAt(sites, target)).toBe('standby')
    expect(await isDone('allow-replication')).toEqual({ role: 'bascule_replication', maxSlotWalKeepGB: 2 })
    expect(await isDone('create-slot')).toEqual({ slot: 'bascule', proofSlot: 'bascule_proof' })
    expect(await isDone('seed')).toEqual(follows)
    expect((await sites.measure('lagSeconds')).value).toBeLessThan(60)
    expect((await sites.measure('lagBytes')).value).toBe(0)
    expect((await sites.measure('standbysNotStreaming')).value).toBe(0)
  })

  test('a copy that stands still, as a rollback may leave it, is not taken for data of somebody else', async () => {
    await sites.at(target, 'pg_ctlcluster 15 main stop -m fast')
    expect((await sites.measure('standbysNotStreaming')).value).toBe(1)
    await sites.audit()
    expect(sites.facts.database?.targetState?.value).toBe('stopped')
    expect(levels().filter(level => level.endsWith('block'))).toEqual([])
    await sites.apply('preparation', 'seed')
    expect(await stateAt(sites, target)).toBe('standby')
  })

  test('keeps the password out of the logs and the process list', async () => {
    const passwords = '/etc/postgresql/15/main/bascule.pgpass'
    // The pattern comes from a file, so that the search itself does not show it.
    const search = (where: string) =>
      sites.at(source, `cut -d: -f5 ${passwords} > /tmp/pattern; grep -rslFf /tmp/pattern ${where} || true`)
    expect(await search('/etc/postgresql')).toContain(passwords)
    expect(await sites.at(source, "grep -c 'create role' /var/log/postgresql/*.log")).not.toBe('0\n')
    expect(await search('/var/log/postgresql /proc/[0-9]*/cmdline')).toBe('')
  })

  test.runIf(areSweepsWhole)(
    'killed again and again, each time one effect later, the seed goes on to the end',
    async () => {
      await sites.undo('preparation', 'seed')
      for (let after = 1; ; after++) {
        const io = crashing(sites, after)
        const ended = await sites.apply('preparation', 'seed', io).then(
          () => true,
          () => false,
        )
        if (ended && io.effects() < after) break
        expect(after).toBeLessThan(40)
      }
      expect(await isDone('seed')).toEqual(follows)
      await sites.undo('preparation', 'seed')
      await sites.apply('preparation', 'seed')
    },
  )

  const written = (at: string) => psql(sites, at, 'select count(*) from meanwhile', 'techcorp')
  const writeMore = async () => {
    await psql(
      sites,
      source,
      'create table if not exists meanwhile as select 0 as n; insert into meanwhile select generate_series(1, 99)',
      'techcorp',
    )
  }
  const followsAgain = async () => {
    await expect.poll(async () => written(target)).toBe(await written(source))
  }

  // pg_rewind would end the recovery of what was killed, on the same timeline, and then see nothing to rewind.
  test('a copy that was killed goes on where it was, without another copy', async () => {
    await writeMore()
    await followsAgain()
    await sites.at(target, 'pg_ctlcluster 15 main stop -m immediate')
    await writeMore()
    expect(await sites.apply('preparation', 'seed')).toMatchObject({ how: 'rejoined' })
    await writeMore()
    await followsAgain()
  })

  test('and so does one that was whole and never started', async () => {
    await sites.undo('preparation', 'seed')
    const beforeStart = dyingBefore(sites, argv => argv[0] === 'pg_ctlcluster' && argv.includes('start'))
    await expect(sites.apply('preparation', 'seed', beforeStart)).rejects.toThrow()
    expect(await stateAt(sites, target)).toBe('down')
    await writeMore()
    expect(await sites.apply('preparation', 'seed')).toMatchObject({ how: 'rejoined' })
    await followsAgain()
  })

  test('a program that was overtaken is refused', async () => {
    const dispatch = dispatchThrough({ postgres: kind }, sites.transport, [])
    const work = { key: 'overtaken', signal: new AbortController().signal, onProgress: () => {} }
    const stale = { key: 'postgres.stale', values: { current: 1, ours: 0 } }
    const before = [await portrait(sites, source), await portrait(sites, target)]
    for (const mode of ['preparation', 'rehearsal', 'live'] as const) {
      for (const { name } of kind.plan(sites.component, sites.facts.database ?? {}, about(mode))) {
        const step = { ...sites.step(mode, name), fencingNumber: 0 }
        expect((await failureOf(dispatch.apply(step, work))).text).toMatchObject(stale)
        if (step.step.undoTouches?.length !== 0)
          expect((await failureOf(dispatch.undo(step, work))).text).toMatchObject(stale)
      }
    }
    expect([await portrait(sites, source), await portrait(sites, target)]).toEqual(before)
  })
})

describe('prove', () => {
  test('reads every row once, then only what changed', async () => {
    await psql(
      sites,
      source,
      `create table twins (a text); insert into twins select 'the same' from generate_series(1, 5000);
       create table keyed (id int primary key, body text) with (autovacuum_enabled = off);
       insert into keyed select n, 'original body ' || n from generate_series(1, 20000) n`,
      'techcorp',
    )
    const first = await sites.apply('preparation', 'prove')
    expect(first).toMatchObject({ mode: 'full' })
    expect(Number(first.rows)).toBeGreaterThan(25_000)
    await psql(sites, source, "update keyed set body = 'newer body ' || id where id = 77", 'techcorp')
    const second = await sites.apply('preparation', 'prove')
    expect(second).toMatchObject({ mode: 'delta' })
    expect(Number(second.rows)).toBeLessThan(Number(first.rows) / 5)
  })

  // No vacuum: it may log whole pages, which would mend the copy before anyone looks.
  test('finds an old row that differs at the copy, by its key', async () => {
    await psql(sites, source, 'checkpoint')
    await psql(sites, target, 'checkpoint')
    await forge(sites, target, 'keyed', 'original body 15000', 'forgery! body 15000')
    await psql(sites, source, "delete from bascule.kept where key = 'proof'")
    const failure = await failureOf(sites.apply('preparation', 'prove'))
    expect(failure.text.key).toBe('postgres.prove.different')
    expect(failure.text.values).toMatchObject({ count: 1, rows: 'techcorp.public.keyed id=15000' })
  })

  test('a copy that differs is made again', async () => {
    await sites.undo('preparation', 'seed')
    await sites.apply('preparation', 'seed')
    expect(await sites.apply('preparation', 'prove')).toMatchObject({ mode: 'full' })
  })
})

describe('rehearsal', () => {
  const logOf = async (host: string) =>
    (await sites.at(host, 'grep -h "statement: \\|execute .*: " /var/log/postgresql/*.log || true')).split(
      '\n',
    )
  const isChange = (line: string) =>
    /(statement|execute [^:]*): *(checkpoint|alter|create|drop|insert|update|delete|set transaction read write)|pg_(create|drop)_physical/i.test(
      line,
    )
  const steps = ['pause', 'trial-promote', 'accept']
  test('promotes the copy while the source serves, and takes it back', async () => {
    for (const name of steps) await sites.apply('rehearsal', name)
    expect([await stateAt(sites, source), await stateAt(sites, target)]).toEqual(['primary', 'primary'])
    await psql(sites, target, "insert into twins values ('of the rehearsal')", 'techcorp')
    await psql(sites, source, "insert into twins values ('of the users')", 'techcorp')
    expect(await sites.measure('unreachableDatabases', 'rehearsal')).toMatchObject({ value: 0 })
    const statements = () => logOf(source)
    const before = await statements()
    expect(before.some(isChange)).toBe(true)
    for (const name of [...steps].reverse()) await sites.undo('rehearsal', name)
    const changed = (await statements()).slice(before.length).filter(isChange)
    expect(changed).toEqual([])
    expect(await isDone('seed')).toEqual(follows)
    const strangers = "select string_agg(a, ',') from twins where a <> 'the same'"
    expect(await psql(sites, target, strangers, 'techcorp')).toBe('of the users')
  })

  test('makes the proof out of date, which a new one mends', async () => {
    await sites.audit()
    expect(levels()).toContain('database.proof-outdated warn')
    expect(await sites.apply('preparation', 'prove')).toMatchObject({ mode: 'full', why: 'another copy' })
    await sites.audit()
    expect(levels()).not.toContain('database.proof-outdated warn')
  })

  test('whose slot has lost its log makes no other one: the copy stays stopped, and the next preparation makes it again', async () => {
    for (const name of steps) await sites.apply('rehearsal', name)
    await psql(sites, source, "select pg_drop_replication_slot('bascule')")
    for (const name of [...steps].reverse()) {
      const step = sites.step('rehearsal', name)
      const left = await kind.actions[step.step.action]?.undo?.(step, sites.io())
      if (name !== 'accept') expect(left).toMatchObject([{ key: 'postgres.copyOutdated' }])
    }
    expect([await stateAt(sites, source), await stateAt(sites, target)]).toEqual(['primary', 'down'])
    await prepare()
    expect([await stateAt(sites, source), await stateAt(sites, target)]).toEqual(['primary', 'standby'])
  })
})
