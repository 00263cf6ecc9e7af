import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kind } from '../../src/kinds/postgres/index.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import {
  crashing,
  forge,
  missing,
  nightSteps,
  prepareSteps,
  psql,
  raisePostgres,
  source,
  startWriter,
  stateAt,
  target,
  targetHasAll,
  traces,
  userAt,
} from '../helpers/postgres-sites.ts'
import { said } from '../helpers/said.ts'
import type { TwoSites } from '../helpers/two-sites.ts'
import { areSweepsWhole } from '../helpers/whole-sweeps.ts'

let sites: TwoSites
let tracesBefore: string[][] = []
const tracesNow = async () => [await traces(sites, source), await traces(sites, target)]
const states = async () => [await stateAt(sites, source), await stateAt(sites, target)]
const forth = async (...names: string[]) => {
  for (const name of names) await sites.apply('live', name)
}
const back = async (...names: string[]) => {
  for (const name of [...names].reverse()) await sites.undo('live', name)
}
const undoOnce = (name: string, io: ChangeIo) => {
  const step = sites.step('live', name)
  return kind.actions[step.step.action]?.undo?.(step, io)
}
const isDone = (name: string) => {
  const step = sites.step('live', name)
  return kind.actions[step.step.action]?.isDone(step, sites.io())
}
/** The copy follows again and is proven, whatever the test before has left. */
const ready = async () => {
  await sites.apply('preparation', 'seed')
  await sites.apply('preparation', 'prove')
  expect(await states()).toEqual(['primary', 'standby'])
}
const takesWrites = async (host: string) => {
  const user = userAt(sites, host)
  try {
    await user.query("insert into twins values ('written by a user')")
    return true
  } catch {
    return false
  } finally {
    await user.end()
  }
}

beforeAll(async () => {
  sites = await raisePostgres('pg-night')
  // With a logical slot the source starts with wal_level = logical only, also as a standby.
  await sites.at(
    source,
    "sed -i 's/wal_level = .*/wal_level = logical/' /etc/postgresql/15/main/conf.d/laboratory.conf; pg_ctlcluster 15 main restart",
  )
  await psql(sites, source, "select pg_create_logical_replication_slot('cdc', 'test_decoding')")
  await psql(
    sites,
    source,
    `create table ledger (id int);
     create table twins (a text) with (autovacuum_enabled = off);
     insert into twins select 'the same' from generate_series(1, 1000);
     create table keyed (id int primary key, body text) with (autovacuum_enabled = off);
     insert into keyed select n, 'original body ' || n from generate_series(1, 5000) n;
     create unlogged table visits (id serial, at text);
     insert into visits (at) values ('one'), ('two');
     alter table ledger owner to estate; alter table twins owner to estate; alter table keyed owner to estate;
     alter database techcorp connection limit 90`,
    'techcorp',
  )
  await sites.audit()
  tracesBefore = await tracesNow()
  for (const name of prepareSteps) await sites.apply('preparation', name)
})
afterAll(async () => {
  await sites?.close()
})

describe('the night', () => {
  test('each step, applied, undone and applied again, ends as it should', async () => {
    await forth('fence')
    await forth('fence')
    expect(await takesWrites(source)).toBe(false)
    await back('fence')
    expect(await takesWrites(source)).toBe(true)
    const limit = "select datconnlimit from pg_database where datname = 'techcorp'"
    expect(await psql(sites, source, limit)).toBe('90')

    await forth('fence', 'drain', 'stop-source')
    expect(await states()).toEqual(['down', 'standby'])
    await back('stop-source')
    expect(await states()).toEqual(['primary', 'standby'])
    await forth('stop-source', 'promote')
    expect(await states()).toEqual(['down', 'primary'])
    await back('stop-source', 'promote')
    expect(await states()).toEqual(['primary', 'down'])
    await back('fence')
    await ready()

    await forth(...nightSteps)
    await forth(...nightSteps.slice(3))
    expect(await states()).toEqual(['standby', 'primary'])
    expect(await takesWrites(target)).toBe(true)
    expect(await sites.measure('unreachableDatabases')).toMatchObject({ value: 0 })
    expect(await isDone('promote')).toEqual({})
    expect(await isDone('reverse')).toEqual({ marker: 'reverse 1' })
    expect(await isDone('accept')).toEqual({ position: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/) })
    await back('accept')
    expect(await takesWrites(target)).toBe(false)
    await forth('accept')
    await back('reverse', 'accept')
    expect(await states()).toEqual(['primary', 'standby'])
    await back('reverse', 'promote', 'stop-source')
    await back('fence', 'drain')
    expect(await takesWrites(source)).toBe(true)
    expect(await psql(sites, source, limit)).toBe('90')
    await ready()
  })

  test('is announced to end at the logical slot, which stands at the source still', async () => {
    const found = kind.findings(sites.component, sites.facts.database ?? {}, {
      ...{ plan: sites.plan, mode: 'live', facts: sites.facts },
    })
    expect(found.map(({ id, level }) => `${id} ${level}`)).toEqual(
      expect.arrayContaining([
        'database.logical-slots warn',
        'database.unlogged warn',
        'database.unlogged-sequences warn',
      ]),
    )
    expect(
      await psql(sites, source, "select slot_name from pg_replication_slots where slot_type = 'logical'"),
    ).toBe('cdc')
  })

  test('writers lose nothing on the way there and on the way back', async () => {
    const writer = startWriter(sites)
    try {
      await forth(...nightSteps)
      const atTarget = (): number => writer.acknowledged.filter(({ at }) => at === 1).length
      await expect.poll(atTarget).toBeGreaterThan(5)
      expect(await missing(sites, target, [...writer.acknowledged])).toEqual([])
      await back(...nightSteps)
      await expect.poll(() => writer.acknowledged.at(-1)?.at).toBe(0)
    } finally {
      await writer.stop()
    }
    expect(await missing(sites, source, writer.acknowledged)).toEqual([])
    await ready()
  })

  test('an old source started by somebody after the handover is no second primary', async () => {
    await forth('fence', 'drain', 'stop-source', 'promote')
    await sites.at(source, 'pg_ctlcluster 15 main start')
    expect(await states()).toEqual(['standby', 'primary'])
    expect(await takesWrites(source)).toBe(false)
    await forth('reverse', 'accept')
    await back(...nightSteps)
    await ready()
  })

  test('a source stopped and not yet handed over is not promoted around', async () => {
    await expect(sites.apply('live', 'promote')).rejects.toThrow('postgres.secondPrimary')
    expect(await states()).toEqual(['primary', 'standby'])
  })

  test('positions that do not meet stop it', async () => {
    await psql(sites, target, 'select pg_wal_replay_pause()')
    await psql(sites, source, "insert into twins values ('not there yet')", 'techcorp')
    await forth('fence')
    await expect(sites.apply('live', 'drain', sites.io(AbortSignal.timeout(3000)))).rejects.toThrow()
    expect(await isDone('drain')).toBe(false)
    await psql(sites, target, 'select pg_wal_replay_resume()')
    expect(await sites.apply('live', 'drain')).toMatchObject({ bytesBehind: 0 })
    await back('fence', 'drain')
  })

  test('a prepared transaction keeps the fence from closing', async () => {
    await sites.at(
      source,
      "echo 'max_prepared_transactions = 5' > /etc/postgresql/15/main/conf.d/prepared.conf; pg_ctlcluster 15 main restart",
    )
    await psql(
      sites,
      source,
      "begin; insert into twins values ('prepared'); prepare transaction 'lost'",
      'techcorp',
    )
    await expect(sites.apply('live', 'fence')).rejects.toThrow('postgres.fence.prepared')
    await psql(sites, source, "rollback prepared 'lost'", 'techcorp')
    expect(await takesWrites(source)).toBe(true)
    // The standby cannot follow a primary that allows more than it does.
    await sites.undo('preparation', 'seed')
    await ready()
  })
})

describe('rows compared in the window', () => {
  test('equal: only what changed since the proof is read', async () => {
    await psql(
      sites,
      source,
      "update keyed set body = 'changed body ' || id where id between 10 and 12",
      'techcorp',
    )
    await forth('fence', 'drain')
    const measured = await sites.measure('rowsDifferent')
    expect(measured).toMatchObject({ value: 0, figures: { mode: 'delta', unmatched: [], different: [] } })
    expect(measured.unverified).toBeUndefined()
    expect(Number(measured.figures.rowsCompared)).toBeLessThan(Number(measured.figures.rowsProvenAhead) / 4)
    await back('fence', 'drain')
  })

  test('a row changed since the proof that differs is found by its key; so is one without', async () => {
    await ready()
    await psql(sites, source, "update keyed set body = 'recent body ' || id where id = 4321", 'techcorp')
    await psql(
      sites,
      source,
      "insert into twins select 'twin of today' from generate_series(1, 3)",
      'techcorp',
    )
    // The first reader of a row notes in its page that it is committed. After a checkpoint, that note sends the whole page again, and
    // what is forged here would be whole again.
    await psql(sites, source, 'select count(*) from twins; select count(*) from keyed', 'techcorp')
    await psql(sites, source, 'checkpoint')
    await targetHasAll(sites)
    await psql(sites, target, 'checkpoint')
    await forge(sites, target, 'keyed', 'recent body 4321', 'forged body 4321')
    await forge(sites, target, 'twins', 'twin of today', 'twin of never')
    await forth('fence', 'drain')
    const measured = await sites.measure('rowsDifferent')
    expect(measured.value).toBe(2)
    expect(said(measured)).toMatch(/techcorp\.public\.keyed id=4321/)
    expect(said(measured)).toMatch(/techcorp\.public\.twins ctid=/)
    await back('fence', 'drain')
    await sites.undo('preparation', 'seed')
    await ready()
  })

  test('not fenced: nothing is verified', async () => {
    expect(await sites.measure('rowsDifferent')).toMatchObject({ unverified: true })
  })

  test('without a proof every row is read, and it says so', async () => {
    await sites.undo('preparation', 'prove')
    await forth('fence', 'drain')
    const measured = await sites.measure('rowsDifferent')
    expect(measured).toMatchObject({ value: 0, figures: { mode: 'full', why: 'no proof' } })
    expect(Number(measured.figures.rowsCompared)).toBeGreaterThan(6000)
    await back('fence', 'drain')
    await ready()
  })
})

describe('a promotion that hangs', () => {
  test('is given up, and the source serves again', async () => {
    const hang = 'echo "recovery_end_command = \'sleep 3600\'" > /etc/postgresql/15/main/conf.d/hang.conf'
    await sites.at(target, `${hang}; pg_ctlcluster 15 main reload`)
    await forth('fence', 'drain', 'stop-source')
    sites.plan.rollback.databaseStartSeconds = 3
    await expect(sites.apply('live', 'promote')).rejects.toThrow('postgres.promote.notYet')
    await back('fence', 'drain', 'stop-source', 'promote')
    expect(await states()).toEqual(['primary', 'down'])
    expect(await takesWrites(source)).toBe(true)
    await expect(sites.at(target, 'pgrep -x sleep')).rejects.toThrow()
    await sites.at(target, 'rm /etc/postgresql/15/main/conf.d/hang.conf')
    sites.plan.rollback.databaseStartSeconds = 30
    expect(await sites.apply('preparation', 'seed')).toMatchObject({ how: 'rewound' })
    await ready()
  })
})

describe('the migration closed', () => {
  const newTraces = async () =>
    (await tracesNow()).map((lines, at) => lines.filter(line => !tracesBefore[at]?.includes(line)))
  const close = async () => {
    const context = { plan: sites.plan, mode: 'close', facts: sites.facts } as const
    for (const { name } of kind.plan(sites.component, sites.facts.database ?? {}, context))
      await sites.apply('close', name)
  }
  const write = (text: string) => psql(sites, target, `insert into twins values ('${text}')`, 'techcorp')
  const limits = '/etc/postgresql/15/main/conf.d/zz-bascule.conf'

  test('leaves nothing of Bascule at either site that can read data, and both servers as they serve', async () => {
    await ready()
    await forth(...nightSteps)
    await write('before the closing')
    await close()
    await close()
    // the limits that both run with, the estate's own role, which came with its data, and the target's own empty cluster
    expect(await newTraces()).toEqual([
      [limits],
      [limits, '/var/lib/postgresql/15/main.before-bascule', 'role|estate|f|f'],
    ])
    for (const host of [source, target]) {
      expect(await sites.at(host, `grep -Ev '^(#|max_|wal_level)' ${limits} || true`)).toBe('')
      await sites.at(host, 'pg_ctlcluster 15 main restart')
    }
    expect(await states()).toEqual(['standby', 'primary'])
    expect([await takesWrites(source), await takesWrites(target)]).toEqual([false, true])
    await write('after the closing')
  })

  test('and undone, the old source follows again: the night is undone, and nothing that was written is lost', async () => {
    for (const name of ['retire-source', 'retire', 'retire-source', 'retire']) await sites.undo('close', name)
    expect(await isDone('reverse')).toBe(false)
    expect(
      await kind.returnPath?.look(sites.component, sites.step('live', 'reverse'), sites.io()),
    ).toMatchObject({
      state: 'good',
    })
    await back(...nightSteps)
    const written = "select count(*) from twins where a like '% the closing'"
    expect(await psql(sites, source, written, 'techcorp')).toBe('2')
    await ready()
  })
})

describe('killed again and again, each time one effect later', () => {
  test.each(['fence', 'stop-source', 'promote', 'reverse', 'accept'])('%s goes on to its end', async name => {
    const before = nightSteps.slice(0, nightSteps.indexOf(name))
    await forth(...before)
    for (let after = 1; ; after++) {
      const io = crashing(sites, after)
      const ended = await sites.apply('live', name, io).then(
        () => true,
        () => false,
      )
      if (ended && io.effects() < after) break
      expect(after).toBeLessThan(40)
    }
    await back(...before, name)
    expect(await takesWrites(source)).toBe(true)
    await ready()
  })

  test('the way back goes on to its end and loses nothing', async () => {
    const writer = startWriter(sites)
    try {
      await forth(...nightSteps)
      await new Promise(resolve => setTimeout(resolve, 300))
      for (const name of [...nightSteps].reverse()) {
        for (let after = 1; ; after++) {
          const io = crashing(sites, after)
          const ended = await Promise.resolve(undoOnce(name, io)).then(
            () => true,
            () => false,
          )
          if (ended && io.effects() < after) break
          expect(after).toBeLessThan(60)
        }
      }
    } finally {
      await writer.stop()
    }
    expect(await missing(sites, source, writer.acknowledged)).toEqual([])
    expect(await states()).toEqual(['primary', 'standby'])
    expect(await takesWrites(source)).toBe(true)
  })

  test.runIf(areSweepsWhole)(
    'the hand-back, killed after any one of its effects, brings every write home',
    async () => {
      const writtenAt = async (host: string, text: string) =>
        psql(sites, host, `select count(*) from twins where a = '${text}'`, 'techcorp')
      for (let after = 1; ; after++) {
        await forth(...nightSteps)
        const text = `written before kill ${after}`
        const user = userAt(sites, target)
        await user.query('insert into twins values ($1)', [text])
        await user.end()
        await back('accept')
        const io = crashing(sites, after)
        const ended = await Promise.resolve(undoOnce('reverse', io)).then(
          () => true,
          () => false,
        )
        await back(...nightSteps.slice(0, -1))
        expect(await writtenAt(source, text)).toBe('1')
        expect(await takesWrites(source)).toBe(true)
        expect(await states()).toEqual(['primary', 'standby'])
        if (ended && io.effects() < after) break
        expect(after).toBeLessThan(40)
      }
    },
  )
})
