import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { kind } from '../../src/kinds/postgres/index.ts'
import type { StepContext } from '../../src/model/kind.ts'
import { withoutSite } from '../../src/run/given-up/without-site.ts'
import {
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

let sites: TwoSites
const reverse = (): StepContext => sites.step('live', 'reverse')
const look = () => kind.returnPath?.look(sites.component, reverse(), sites.io())
const letGo = () => kind.returnPath?.letGo?.(reverse(), sites.io())
const repair = () => kind.returnPath?.repair(reverse(), sites.io())
const namesAt = (host: string) => psql(sites, host, 'show synchronous_standby_names')
/** What each session of a user at the target waits for. */
const waits = async () =>
  (
    await psql(
      sites,
      target,
      "select coalesce(wait_event, '') from pg_stat_activity where usename = 'estate'",
    )
  ).split('\n')

beforeAll(async () => {
  sites = await raisePostgres('pg-sync', { wayBack: { commits: 'synchronous' } })
  const ledger = 'create table ledger (id int); alter table ledger owner to estate'
  await psql(sites, source, ledger, 'techcorp')
  await sites.audit()
  for (const name of prepareSteps) await sites.apply('preparation', name)
})
afterAll(async () => {
  await sites?.close()
})

describe('users at the target whose commits wait for the old source', () => {
  let writer: ReturnType<typeof startWriter>
  let stopped: Promise<void> | undefined
  const stopWriter = () => (stopped ??= writer.stop())
  const writtenSoon = async () => {
    const before = writer.acknowledged.length
    await vi.waitUntil(() => writer.acknowledged.length > before + 5, { timeout: 60_000 })
  }

  beforeEach(async () => {
    await sites.apply('preparation', 'seed')
    for (const name of nightSteps) await sites.apply('live', name)
    stopped = undefined
    writer = startWriter(sites)
    await writtenSoon()
    expect(await look()).not.toHaveProperty('commits')
    expect(await sites.apply('live', 'hold-commits')).toEqual({ held: true })
    return async () => {
      // one that waits for a commit would wait on
      if ((await stateAt(sites, target)) === 'primary') await letGo()
      await stopWriter()
    }
  })

  it('go on when those are let go, though the old source is down; a repair makes them wait again', async () => {
    await writtenSoon()
    expect(await look()).toMatchObject({ state: 'good', commits: 'both' })
    await sites.at(source, 'pg_ctlcluster 15 main stop -m immediate')
    await vi.waitUntil(async () => (await waits()).includes('SyncRep'), { timeout: 60_000 })
    expect(await look()).toMatchObject({ state: 'broken', commits: 'waiting' })
    await letGo()
    await writtenSoon()
    expect(await look()).not.toHaveProperty('commits')
    expect(await repair()).toMatchObject({ how: 'rejoined' })
    expect(await look()).toMatchObject({ state: 'good', commits: 'both' })
    await writtenSoon()
    await sites.undo('live', 'hold-commits')
    for (const name of [...nightSteps].reverse()) await sites.undo('live', name)
    await stopWriter()
    expect(await missing(sites, source, writer.acknowledged)).toEqual([])
    expect([await namesAt(source), await namesAt(target)]).toEqual(['', ''])
  })

  it('lose no acknowledged commit when the target is destroyed', async () => {
    await writtenSoon()
    await sites.at(target, 'pg_ctlcluster 15 main stop -m immediate')
    await stopWriter()
    const step = { ...reverse(), without: 'target' as const }
    await kind.actions.reverse?.undoWithout?.target?.(step, withoutSite(sites.io(), sites.plan, 'target'))
    expect(await stateAt(sites, source)).toBe('primary')
    expect(await missing(sites, source, writer.acknowledged)).toEqual([])
  })
})
