import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Text } from '../../model/text.ts'
import { sameData } from './data.ts'
import { isBroken, notServed, recordsChanged, recordsLeft, updateFailed } from './failures.ts'
import { primaryOf, providerOf } from './providers.ts'
import { type PlannedRecord, recordsOf } from './records.ts'
import { says, type View, viewOf } from './servers.ts'
import type { DnsSpec } from './spec.ts'
import { untilInStep, untilServed } from './wait-servers.ts'
import { lookAtZone, type Zone } from './zone.ts'

/**
 * What one record set has to become; no data: it is not there. `ttlOf` gives its new TTL from the one it has, in seconds, or
 * from none.
 */
export type Move = {
  record: PlannedRecord
  from: string[]
  to: string[]
  ttlOf(currentSeconds: number | undefined): number
}

/** What is lower already stays; what is not there yet comes with the low one. */
export const lowered =
  (lowTtlSeconds: number): Move['ttlOf'] =>
  current =>
    Math.min(current ?? lowTtlSeconds, lowTtlSeconds)

/** The highest TTL that any server gave for each record before the change, by record key, in seconds. */
export type Before = Record<string, number>

/**
 * Brings all records where they have to be in one update, then waits until every authoritative server has taken it. What is
 * there already is left alone, so that it may be called again. Throws Failure, with nothing changed, when a record is
 * neither at `from` nor at `to`, or when a server is silent or does not follow the primary.
 */
export async function moveRecords(spec: DnsSpec, moves: Move[], io: ChangeIo): Promise<Before> {
  const zone = await lookAtZone(spec, io)
  const pending = pendingOf(spec, moves, zone.primary)
  if (pending.length > 0) {
    await untilInStep(spec, io)
    await sendUpdate(spec, pending, zone.primary, io)
  }
  await untilServed(spec, io, view => missingAt(view, moves))
  return ttlsBefore(zone, moves)
}

/**
 * The way back. A server that the change never reached, or that is down, does not stop it: what counts is that the primary is as
 * it was, and that no server that answers leads users elsewhere. Nor does a record that somebody else has changed: it is left
 * as it is and told, for users wait for the others.
 */
export async function moveBack(spec: DnsSpec, moves: Move[], io: ChangeIo): Promise<Text[]> {
  const { primary } = await lookAtZone(spec, io)
  requireVoice(primary)
  const foreign = foreignAmong(moves, primary)
  const ours = moves.filter(move => !foreign.includes(move))
  const pending = pendingAmong(spec, ours, primary)
  if (pending.length > 0) await sendUpdate(spec, pending, primary, io)
  const leadingElsewhere = (view: View) =>
    ours.filter(({ record, to }) => !says(view, record, to)).map(({ record }) => record)
  await untilServed(
    spec,
    io,
    view => (view.server === primary.server ? missingAt(view, ours) : leadingElsewhere(view)),
    { way: 'back' },
  )
  return foreign.length === 0 ? [] : [recordsLeft(foreign.map(inQuestion), primary)]
}

/** Every authoritative server, and the primary, serves every record as it has to be. */
export async function allThere(spec: DnsSpec, moves: Move[], io: ReadIo): Promise<boolean> {
  const { primary, servers } = await lookAtZone(spec, io)
  const served = [primary, ...servers].every(
    view => view.serial === primary.serial && missingAt(view, moves).length === 0,
  )
  return served && (await isHeld(spec, moves, io))
}

/** Where servers may lag, they may still give what an undo has left behind, or not yet what it brought. */
async function isHeld(spec: DnsSpec, moves: Move[], io: ReadIo): Promise<boolean> {
  if (!lags(spec)) return true
  const wanted = moves.map(({ record: { name, type }, to }) => ({ name, type, data: to, ttlSeconds: 0 }))
  return (await providerOf(spec).ask(spec.zone, wanted, io)).code === 'NOERROR'
}

const lags = (spec: DnsSpec): boolean => providerOf(spec).capabilities.publishes === 'later'

function pendingOf(spec: DnsSpec, moves: Move[], primary: View): Move[] {
  requireVoice(primary)
  const foreign = foreignAmong(moves, primary)
  if (foreign.length > 0) throw changedSince(foreign, primary)
  return pendingAmong(spec, moves, primary)
}

function requireVoice({ server, silence }: View): void {
  if (silence !== undefined) throw notServed('dns.server.silent', [`${server}: ${silence}`], 0)
}

const foreignAmong = (moves: Move[], primary: View): Move[] =>
  moves.filter(move => !says(primary, move.record, move.to) && !says(primary, move.record, move.from))

const pendingAmong = (spec: DnsSpec, moves: Move[], primary: View): Move[] =>
  lags(spec) ? moves : moves.filter(move => !isThere(move, primary))

const missingAt = (view: View, moves: Move[]): PlannedRecord[] =>
  moves.filter(move => !isThere(move, view)).map(({ record }) => record)

const isThere = ({ record, to, ttlOf }: Move, view: View): boolean => {
  const { ttlSeconds } = view.said[record.key] ?? { ttlSeconds: 0 }
  return says(view, record, to) && (to.length === 0 || ttlSeconds === ttlOf(ttlSeconds))
}

async function sendUpdate(spec: DnsSpec, pending: Move[], primary: View, io: ChangeIo): Promise<void> {
  const sets = pending.map(({ record: { key, name, type }, from, to, ttlOf }) => {
    const said = primary.said[key] ?? { ttlSeconds: 0, data: [] }
    const isSame = sameData(type, said.data, to)
    return {
      expected: { name, type, ttlSeconds: said.ttlSeconds, data: lags(spec) ? from : said.data },
      wanted: {
        name,
        type,
        ttlSeconds: ttlOf(said.data.length === 0 ? undefined : said.ttlSeconds),
        // As it is written there: the strings of a text, the letters of a name.
        data: isSame ? said.data : to,
      },
    }
  })
  const change = {
    zone: spec.zone,
    expected: sets.map(({ expected }) => expected),
    wanted: sets.map(({ wanted }) => wanted),
  }
  const answer = await providerOf(spec).change(change, io)
  if (answer.code === 'NOERROR') return
  // The answer may have been lost after the change was made, or another hand was quicker: look before judging.
  const now = await viewOf(primaryOf(spec), spec.zone, recordsOf(spec), io)
  if (!lags(spec) && now.silence === undefined && pending.every(move => isThere(move, now))) return
  const foreign = pending.filter(move => !says(now, move.record, move.from))
  if (isBroken(answer.code) && foreign.length > 0) throw changedSince(foreign, now)
  throw updateFailed(answer, spec)
}

const changedSince = (foreign: Move[], view: View) => recordsChanged(foreign.map(inQuestion), view)

const inQuestion = ({ record, from }: Move) => ({ record, expected: from })

const ttlsBefore = ({ primary, servers }: Zone, moves: Move[]): Before =>
  Object.fromEntries(
    moves.flatMap(({ record: { key } }) => {
      const said = [primary, ...servers].flatMap(view => view.said[key] ?? [])
      const ttls = said.filter(({ data }) => data.length > 0).map(({ ttlSeconds }) => ttlSeconds)
      return ttls.length === 0 ? [] : [[key, Math.max(...ttls)]]
    }),
  )
