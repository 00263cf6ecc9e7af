import type { ReadIo } from '../../model/io.ts'
import type { ReturnPathSeen } from '../../model/return-path.ts'
import type { Text } from '../../model/text.ts'
import type { TypedReturnPath } from '../kit/kind-parts.ts'
import type { SideIo } from '../kit/side-io.ts'
import { reverse } from './actions/reverse.ts'
import { stateOf } from './cluster.ts'
import { type Commits, commitsOf, letCommitsGo, mayWait } from './commits.ts'
import type { PostgresFacts } from './facts.ts'
import { bytesBetween } from './lsn.ts'
import { restore } from './restore-return-path.ts'
import { type Side, type Sides, sidesOf, slotOf, standbyName } from './sides.ts'
import type { StreamingSpec } from './spec.ts'
import { literal, queryOne } from './sql.ts'

/** As long as a rollback waits for equal positions, with users cut off. */
const longestBehindSeconds = 60

/** Replication back to the old source. What the target's users wait for does not depend on it, unless the plan wants that. */
export const returnPath: TypedReturnPath<StreamingSpec, PostgresFacts> = {
  madeBy: reverse,
  everySeconds: 10,
  look: (about, io) => look(sidesOf(about), io),

  letGo: (acting, io) => letGo(sidesOf(acting), io),

  repair: (acting, io) => restore(sidesOf(acting), io.at('source', 'target')),
}

async function letGo({ target }: Ends, io: SideIo<'target'>): Promise<void> {
  if (!(await mayWait(target, io)) || (await stateOf(target, io)) !== 'primary') return
  await letCommitsGo(target, io.at('target'))
}

type Ends = Pick<Sides, 'source' | 'target'>

async function look({ source, target }: Ends, io: ReadIo): Promise<ReturnPathSeen> {
  if ((await stateOf(target, io)) !== 'primary')
    return broken({ key: 'postgres.returnPath.noPrimary', values: { host: target.host } })
  const sent = await atPrimary(source, target, io)
  const got = await atStandby(source, sent, io)
  const position = sent.streaming ? sent.flushed : got?.position
  const bytesBehind = position ? Math.max(0, bytesBetween(position, sent.written)) : null
  const secondsBehind =
    bytesBehind === 0 ? 0 : sent.streaming ? Math.max(sent.lagSeconds, got?.silence ?? 0) : (got?.age ?? null)
  const { commits } = sent
  const behind = {
    ...{ bytesBehind, secondsBehind, atStake: { key: 'postgres.returnPath.atStake' } as const },
    ...(commits && { commits }),
  }
  const why = whyBroken({ source, target }, sent, got)
  if (why !== undefined) return { state: 'broken', ...behind, why }
  if ((secondsBehind ?? 0) <= longestBehindSeconds) return { state: 'good', ...behind }
  const values = { source: source.host, most: longestBehindSeconds }
  return { state: 'behind', ...behind, why: { key: 'postgres.returnPath.behind', values } }
}

const broken = (why: Text): ReturnPathSeen => ({
  state: 'broken',
  bytesBehind: null,
  secondsBehind: null,
  atStake: { key: 'postgres.returnPath.atStake' },
  why,
})

type AtPrimary = {
  written: string
  /** By the target's clock. */
  now: string
  slot: 'kept' | 'lost' | 'missing'
  streaming: boolean
  flushed: string
  lagSeconds: number
  /** When the standby last confirmed anything, by the standby's clock; empty: never. */
  replied: string
  commits: Commits
}

/** `flush_lag` is empty once the standby has all. */
async function atPrimary(source: Side, target: Side, io: ReadIo): Promise<AtPrimary> {
  const row = await queryOne(
    io,
    target.sql,
    `select pg_current_wal_flush_lsn()::text as written, clock_timestamp()::text as now,
       s.slot_name is not null as there, coalesce(s.wal_status, '') as status,
       coalesce(r.state = 'streaming', false) as streaming, coalesce(r.flush_lsn::text, '') as flushed,
       coalesce(extract(epoch from r.flush_lag), 0)::float8 as lag, coalesce(r.reply_time::text, '') as replied,
       current_setting('synchronous_standby_names') as names, coalesce(r.sync_state, '') as sync
     from (select 1) one
     left join pg_replication_slots s on s.slot_name = ${literal(slotOf(source))}
     left join pg_stat_replication r on r.pid = s.active_pid and r.application_name = ${literal(standbyName(source))}`,
  )
  return {
    written: String(row?.written),
    now: String(row?.now),
    slot: row?.there !== true ? 'missing' : row.status === 'lost' ? 'lost' : 'kept',
    streaming: row?.streaming === true && row.flushed !== '',
    flushed: String(row?.flushed),
    lagSeconds: Number(row?.lag),
    replied: String(row?.replied),
    commits: commitsOf(source, String(row?.names ?? ''), row?.streaming === true ? String(row.sync) : ''),
  }
}

type AtStandby = {
  standby: boolean
  position: string
  /** Of the last write of the target that it has, by the target's clock. */
  age: number
  /** How long it has confirmed nothing, by its own clock. */
  silence: number
}

/** Undefined when the old source cannot be asked. */
async function atStandby(
  source: Side,
  { now, replied }: AtPrimary,
  io: ReadIo,
): Promise<AtStandby | undefined> {
  try {
    const row = await queryOne(
      io,
      source.sql,
      `select pg_is_in_recovery() as standby,
         coalesce(greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text, '') as position,
         greatest(extract(epoch from ${literal(now)}::timestamptz - pg_last_xact_replay_timestamp()), 0)::float8 as age,
         greatest(extract(epoch from clock_timestamp() - nullif(${literal(replied)}, '')::timestamptz), 0)::float8 as silence`,
    )
    return {
      standby: row?.standby === true,
      position: String(row?.position),
      age: Number(row?.age),
      silence: Number(row?.silence),
    }
  } catch (error) {
    if (io.signal.aborted) throw error
    return undefined
  }
}

function whyBroken(
  { source, target }: Ends,
  { slot, streaming }: AtPrimary,
  got: AtStandby | undefined,
): Text | undefined {
  const values = { source: source.host, target: target.host, slot: slotOf(source) }
  if (got !== undefined && !got.standby) return { key: 'postgres.returnPath.sourceServes', values }
  if (slot === 'missing') return { key: 'postgres.returnPath.slotMissing', values }
  if (slot === 'lost') return { key: 'postgres.returnPath.slotLost', values }
  if (got === undefined) return { key: 'postgres.returnPath.sourceSilent', values }
  return streaming ? undefined : { key: 'postgres.returnPath.notConnected', values }
}
