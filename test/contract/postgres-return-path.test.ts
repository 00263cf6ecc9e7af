import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dropUsedSlot } from '../../lab/faults/return-slot.ts'
import { kind } from '../../src/kinds/postgres/index.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import {
  crashing,
  missing,
  nightSteps,
  prepareSteps,
  psql,
  raisePostgres,
  source,
  startWriter,
  stateAt,
  target,
} from '../helpers/postgres-sites.ts'
import type { TwoSites } from '../helpers/two-sites.ts'

const slot = 'bascule_reverse'
let sites: TwoSites
const look = () => kind.returnPath?.look(sites.component, sites.step('live', 'reverse'), sites.io())
const repair = (io: ChangeIo = sites.io()) => kind.returnPath?.repair(sites.step('live', 'reverse'), io)
const states = async () => [await stateAt(sites, source), await stateAt(sites, target)]
const back = async () => {
  for (const name of [...nightSteps].reverse()) await sites.undo('live', name)
}
const asideAt = (host: string) =>
  sites.at(host, 'ls -d /var/lib/postgresql/15/main.before-bascule 2>/dev/null || true')

/** The slot is gone with the session that read from it; the old source asks for it again and is refused. */
const dropSlot = () => psql(sites, target, dropUsedSlot(slot))
/** So much is written meanwhile that the log which the old source needs is gone. */
const loseLog = async () => {
  await psql(sites, target, "alter system set wal_keep_size = 0; alter system set max_wal_size = '32MB'")
  await psql(sites, target, 'select pg_reload_conf()')
  for (let time = 0; time < 6; time += 1)
    await psql(
      sites,
      target,
      "insert into twins select 'much ' || n from generate_series(1, 60000) n; select pg_switch_wal(); checkpoint",
      'techcorp',
    )
  await psql(sites, target, 'alter system reset wal_keep_size; alter system reset max_wal_size')
  await psql(sites, target, 'select pg_reload_conf()')
}

beforeAll(async () => {
  sites = await raisePostgres('pg-return')
  await psql(
    sites,
    source,
    `create table ledger (id int); create table twins (a text);
     alter table ledger owner to estate; alter table twins owner to estate`,
    'techcorp',
  )
  await sites.audit()
  for (const name of prepareSteps) await sites.apply('preparation', name)
})
afterAll(async () => {
  await sites?.close()
})

describe('users at the target', () => {
  let writer: ReturnType<typeof startWriter>
  let stopped: Promise<void> | undefined
  const stopWriter = () => (stopped ??= writer.stop())

  beforeEach(async () => {
    await sites.apply('preparation', 'seed')
    for (const name of nightSteps) await sites.apply('live', name)
    stopped = undefined
    writer = startWriter(sites)
    await vi.waitUntil(() => writer.acknowledged.length > 5, { timeout: 60_000 })
    return async () => {
      await stopWriter()
    }
  })

  /** The night is undone, and every row that a user was told is there. */
  const goesBackWhole = async () => {
    await back()
    await stopWriter()
    expect(await missing(sites, source, writer.acknowledged)).toEqual([])
    expect((await states())[0]).toBe('primary')
  }

  it('the return path is good, and says how far it is behind', async () => {
    const seen = await look()
    expect(seen).toMatchObject({ state: 'good' })
    expect(seen?.why).toBeUndefined()
    expect(seen?.secondsBehind).toBeLessThan(60)
    expect(await repair()).toMatchObject({ how: 'already there' })
    await goesBackWhole()
  })

  it('an old source that is stopped is told with what it lacks, and is connected again', async () => {
    await sites.at(source, 'pg_ctlcluster 15 main stop -m immediate')
    await psql(sites, target, "insert into twins values ('not at the source')", 'techcorp')
    expect(await look()).toMatchObject({
      state: 'broken',
      why: { key: 'postgres.returnPath.sourceSilent' },
    })
    expect(await repair()).toMatchObject({ how: 'rejoined' })
    expect(await look()).toMatchObject({ state: 'good' })
    await goesBackWhole()
  })

  it('a slot that was dropped is told, and the old source goes on from the log that is left', async () => {
    await dropSlot()
    await psql(sites, target, "insert into twins values ('after the slot')", 'techcorp')
    const seen = await look()
    expect(seen).toMatchObject({ state: 'broken', why: { key: 'postgres.returnPath.slotMissing' } })
    expect(seen?.bytesBehind).toBeGreaterThan(0)
    expect(seen?.secondsBehind).toBeGreaterThan(0)
    expect(await repair()).toMatchObject({ how: 'rejoined' })
    await goesBackWhole()
  })

  it('one whose log is gone is copied anew, and what was there before is given up only then', async () => {
    await dropSlot()
    await loseLog()
    // what a slot that was invalidated by its limit comes to, too
    await psql(sites, target, `select pg_create_physical_replication_slot('${slot}')`)
    await vi.waitUntil(async () => (await look())?.state === 'broken', { timeout: 60_000 })
    const broken = crashing(sites, 8)
    await expect(repair(broken)).rejects.toThrow()
    expect(await repair()).toMatchObject({ how: 'copied' })
    expect(await asideAt(source)).toBe('')
    expect(await look()).toMatchObject({ state: 'good' })
    await goesBackWhole()
  })

  it('a copy that cannot be made leaves the old source as it was', async () => {
    await dropSlot()
    await loseLog()
    const held = 'select count(*) from ledger'
    const before = await psql(sites, source, held, 'techcorp')
    const io = sites.io()
    const full: ChangeIo = {
      ...io,
      change: async (host, argv, options) =>
        argv[0]?.endsWith('pg_basebackup')
          ? { exitCode: 1, stdout: '', stderr: 'No space left on device' }
          : io.change(host, argv, options),
    }
    await expect(repair(full)).rejects.toThrow('postgres.seed.full')
    expect(await states()).toEqual(['standby', 'primary'])
    expect(await psql(sites, source, held, 'techcorp')).toBe(before)
    expect(await asideAt(source)).toBe('')
    expect(await repair()).toMatchObject({ how: 'copied' })
    await goesBackWhole()
  })

  it('an old source that serves is no return path, and is never given up', async () => {
    await sites.at(
      source,
      'rm /var/lib/postgresql/15/main/standby.signal; pg_ctlcluster 15 main restart -m fast',
    )
    expect(await look()).toMatchObject({ state: 'broken', why: { key: 'postgres.returnPath.sourceServes' } })
    await expect(repair()).rejects.toThrow('postgres.secondPrimary')
    await sites.at(
      source,
      `install -o postgres -g postgres -m 600 /dev/null /var/lib/postgresql/15/main/standby.signal
       pg_ctlcluster 15 main restart -m fast`,
    )
    await repair()
    await goesBackWhole()
  })

  it('a slot that is lost after the rollback was asked is not made again in silence', async () => {
    await dropSlot()
    const step = sites.step('live', 'reverse')
    await sites.undo('live', 'accept')
    expect(await kind.actions.reverse?.undo?.(step, sites.io())).toMatchObject([
      { key: 'postgres.reverse.madeAgain', values: { slot, how: 'rejoined' } },
    ])
    await goesBackWhole()
  })
})
