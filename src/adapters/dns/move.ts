import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { notServed, recordsChanged, updateFailed } from './failures.ts'
import { providers } from './providers.ts'
import { type PlannedRecord, recordsOf } from './records.ts'
import { says, type View, viewOf } from './servers.ts'
import type { DnsSpec } from './spec.ts'

/** What one record set has to become. `ttlOf` gives its new TTL from the one it has, in seconds. */
export type Move = {
  record: PlannedRecord
  from: string[]
  to: string[]
  ttlOf(currentSeconds: number): number
}

/** The TTL the primary had for each record before the change, by record key. */
export type Before = Record<string, number>

/**
 * Brings all records where they have to be in one update, then waits until every authoritative server serves
 * them. What is there already is left alone, so that it may be called again. Throws Failure, with nothing changed,
 * when a record is neither at `from` nor at `to`.
 */
export async function moveRecords(spec: DnsSpec, moves: Move[], io: ChangeIo): Promise<Before> {
  const primary = await readPrimary(spec, io)
  const foreign = moves.filter(
    move => !says(primary, move.record, move.to) && !says(primary, move.record, move.from),
  )
  if (foreign.length > 0) throw changedSince(foreign, primary)
  const pending = moves.filter(move => !isThere(move, primary))
  if (pending.length > 0) await sendUpdate(spec, pending, primary, io)
  await waitForServers(spec, moves, io)
  return Object.fromEntries(
    moves.map(({ record }) => [record.key, primary.said[record.key]?.ttlSeconds ?? 0]),
  )
}

/** Every authoritative server, and the primary, serves every record as it has to be. */
export async function allThere(spec: DnsSpec, moves: Move[], io: ReadIo): Promise<boolean> {
  return (await missing(spec, moves, io)).length === 0
}

const isThere = (move: Move, view: View): boolean => {
  const ttlSeconds = view.said[move.record.key]?.ttlSeconds ?? 0
  return says(view, move.record, move.to) && ttlSeconds === move.ttlOf(ttlSeconds)
}

async function sendUpdate(spec: DnsSpec, pending: Move[], primary: View, io: ChangeIo): Promise<void> {
  const sets = pending.map(({ record: { key, name, type }, to, ttlOf }) => {
    const said = primary.said[key] ?? { ttlSeconds: 0, data: [] }
    return {
      expected: { name, type, ttlSeconds: said.ttlSeconds, data: said.data },
      wanted: { name, type, ttlSeconds: ttlOf(said.ttlSeconds), data: to },
    }
  })
  const change = {
    zone: spec.zone,
    expected: sets.map(({ expected }) => expected),
    wanted: sets.map(({ wanted }) => wanted),
  }
  const answer = await providers[spec.update.provider].change(spec.update, change, io)
  if (answer.code === 'NOERROR') return
  // The answer may have been lost after the change was made, or another hand was quicker: look before judging.
  const now = await viewOf(spec.update.server, spec.zone, recordsOf(spec), io)
  if (now.silence === undefined && pending.every(move => isThere(move, now))) return
  const foreign = pending.filter(move => !says(now, move.record, move.from))
  if (answer.code === 'NXRRSET' && foreign.length > 0) throw changedSince(foreign, now)
  throw updateFailed(answer, spec)
}

const changedSince = (foreign: Move[], view: View) =>
  recordsChanged(
    foreign.map(({ record, from }) => ({ record, expected: from })),
    view,
  )

async function readPrimary(spec: DnsSpec, io: ReadIo): Promise<View> {
  const records = recordsOf(spec)
  const view = await viewOf(spec.update.server, spec.zone, records, io)
  const [record] = records
  if (view.silence !== undefined && record) throw notServed('dns.server.silent', [{ view, record }], 0)
  return view
}

async function waitForServers(spec: DnsSpec, moves: Move[], io: ReadIo): Promise<void> {
  const end = Date.parse(io.now()) + spec.propagationSeconds * 1000
  for (let pauseSeconds = 0.05; ; pauseSeconds = Math.min(pauseSeconds * 1.5, 1)) {
    const late = await missing(spec, moves, io)
    if (late.length === 0) return
    if (Date.parse(io.now()) >= end) throw notServed('dns.servers.late', late, spec.propagationSeconds)
    await io.sleep(pauseSeconds)
  }
}

async function missing(spec: DnsSpec, moves: Move[], io: ReadIo) {
  const records = moves.map(({ record }) => record)
  const views = await Promise.all(
    [...spec.servers, spec.update.server].map(server => viewOf(server, spec.zone, records, io)),
  )
  return views.flatMap(view =>
    moves.filter(move => !isThere(move, view)).map(({ record }) => ({ view, record })),
  )
}
