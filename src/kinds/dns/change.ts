import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import { thrice } from '../kit/timings.ts'
import type { Ttls } from './facts.ts'
import { optionalServers, withoutLeftOut } from './left-out.ts'
import { notServed, untilInStep, untilServed } from './propagation.ts'
import { primaryOf, providerOf } from './providers/index.ts'
import type { ProviderCapabilities } from './providers/provider.ts'
import { sameData } from './record-data.ts'
import { type DnsSpec, type PlannedRecord, recordsOf, zoneTitle } from './spec.ts'
import { isBroken, updateFailed } from './update-answer.ts'
import { inWords, lookAtZone, servesExactly, stepInWords, type View, viewOf, type Zone } from './zone.ts'

/**
 * What one record set has to become; no data: it is not there. `ttlOf` gives its new TTL from the one it has, in seconds, or
 * from none.
 */
export type RecordChange = {
  record: PlannedRecord
  from: string[]
  to: string[]
  ttlOf(currentSeconds: number | undefined): number
}

type Expected = Pick<RecordChange, 'record' | 'from'>

/** What is lower already stays; what is not there yet comes with the low one. */
export const lowered =
  (lowTtlSeconds: number): RecordChange['ttlOf'] =>
  current =>
    Math.min(current ?? lowTtlSeconds, lowTtlSeconds)

/** The highest TTL that any server gave for each record before the change, by record key, in seconds. */
export type Before = Ttls

/**
 * Brings all records where they have to be in one update, then waits until every authoritative server has taken it. What is
 * there already is left alone, so that it may be called again. Throws Failure, with nothing changed, when a record is
 * neither at `from` nor at `to`, or when a server is silent or does not follow the primary.
 */
export async function changeRecords(spec: DnsSpec, changes: RecordChange[], io: ChangeIo): Promise<Before> {
  const zone = await lookAtZone(spec, io)
  const pending = pendingOf(spec, changes, zone.primary)
  if (pending.length > 0) {
    await untilInStep(spec, io)
    await sendUpdate(spec, pending, zone.primary, io)
  }
  await untilServed(spec, io, view => missingAt(view, changes))
  return ttlsBefore(zone, changes)
}

/**
 * The way back. A server that the change never reached, or that is down, does not stop it: what counts is that the primary is as
 * it was, and that no server that answers leads users elsewhere. Nor does a record that somebody else has changed: it is left
 * as it is and told, for users wait for the others.
 */
export async function restoreRecords(
  { spec, leftOut }: Restoring,
  changes: RecordChange[],
  io: ChangeIo,
): Promise<Text[]> {
  const { primary } = await lookAtZone(spec, io)
  requireAnswer(primary)
  const conflicting = conflictingAmong(changes, primary)
  const ours = changes.filter(change => !conflicting.includes(change))
  const pending = pendingAmong(spec, ours, primary)
  if (pending.length > 0) await sendUpdate(spec, pending, primary, io)
  const leadingElsewhere = (view: View) =>
    ours.filter(({ record, to }) => !servesExactly(view, record, to)).map(({ record }) => record)
  await untilServed(
    withoutLeftOut(spec, leftOut),
    io,
    view => (view.server === primary.server ? missingAt(view, ours) : leadingElsewhere(view)),
    { way: 'back' },
  )
  const left: Text = { key: 'dns.records.left', values: seenInstead(conflicting, primary) }
  return [...(conflicting.length === 0 ? [] : [left]), ...(await notWaitedFor(spec, leadingElsewhere, io))]
}

type Restoring = { spec: DnsSpec; leftOut: readonly string[] }

/** Servers that do not answer, or were left out and still lead users elsewhere: they keep the zone they hold. */
async function notWaitedFor(
  spec: DnsSpec,
  leadingElsewhere: (view: View) => PlannedRecord[],
  io: ReadIo,
): Promise<Text[]> {
  const { primary, servers } = await lookAtZone(spec, io)
  const others = servers.filter(
    view =>
      view.server !== primary.server && (view.silence !== undefined || leadingElsewhere(view).length > 0),
  )
  if (others.length === 0) return []
  const words = others.map(view => stepInWords(view, primary)).join('; ')
  return [{ key: 'dns.servers.notWaitedFor', values: { zone: zoneTitle(spec), servers: words } }]
}

/** Every authoritative server, and the primary, serves every record as it has to be. */
export async function allServed(spec: DnsSpec, changes: RecordChange[], io: ReadIo): Promise<boolean> {
  const { primary, servers } = await lookAtZone(spec, io)
  const served = [primary, ...servers].every(
    view => view.serial === primary.serial && missingAt(view, changes).length === 0,
  )
  return served && (await isHeld(spec, changes, io))
}

/** Where servers may lag, they may still give what an undo has left behind, or not yet what it brought. */
async function isHeld(spec: DnsSpec, changes: RecordChange[], io: ReadIo): Promise<boolean> {
  if (!lags(spec)) return true
  const wanted = changes.map(({ record: { name, type }, to }) => ({ name, type, data: to, ttlSeconds: 0 }))
  return (await providerOf(spec).ask(spec.zone, wanted, io)).code === 'NOERROR'
}

const lags = (spec: DnsSpec): boolean => providerOf(spec).capabilities.publishes === 'later'

function pendingOf(spec: DnsSpec, changes: RecordChange[], primary: View): RecordChange[] {
  requireAnswer(primary)
  const conflicting = conflictingAmong(changes, primary)
  if (conflicting.length > 0) throw recordsChanged(conflicting, primary)
  return pendingAmong(spec, changes, primary)
}

function requireAnswer({ server, silence }: View): void {
  if (silence !== undefined) throw notServed('dns.server.silent', [`${server}: ${silence}`], 0)
}

const conflictingAmong = (changes: RecordChange[], primary: View): RecordChange[] =>
  changes.filter(
    change =>
      !servesExactly(primary, change.record, change.to) &&
      !servesExactly(primary, change.record, change.from),
  )

const pendingAmong = (spec: DnsSpec, changes: RecordChange[], primary: View): RecordChange[] =>
  lags(spec) ? changes : changes.filter(change => !isThere(change, primary))

const missingAt = (view: View, changes: RecordChange[]): PlannedRecord[] =>
  changes.filter(change => !isThere(change, view)).map(({ record }) => record)

const isThere = ({ record, to, ttlOf }: RecordChange, view: View): boolean => {
  const { ttlSeconds } = view.said[record.key] ?? { ttlSeconds: 0 }
  return servesExactly(view, record, to) && (to.length === 0 || ttlSeconds === ttlOf(ttlSeconds))
}

async function sendUpdate(
  spec: DnsSpec,
  pending: RecordChange[],
  primary: View,
  io: ChangeIo,
): Promise<void> {
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
  if (!lags(spec) && now.silence === undefined && pending.every(one => isThere(one, now))) return
  const conflicting = pending.filter(one => !servesExactly(now, one.record, one.from))
  if (isBroken(answer.code) && conflicting.length > 0) throw recordsChanged(conflicting, now)
  throw updateFailed(answer, spec)
}

/** These records were changed by someone else: each has neither its old nor its new data. Nothing was sent. */
export function recordsChanged(conflicting: Expected[], view: View): Failure {
  const values = seenInstead(conflicting, view)
  return new Failure(
    { key: 'dns.records.changed', values },
    { remedy: { key: 'dns.records.changed.remedy', values } },
  )
}

const seenInstead = (conflicting: Expected[], view: View) => ({
  server: view.server,
  records: conflicting
    .map(({ record, from }) => `${record.key}: ${inWords(view, record)} ≠ ${from.join(', ') || '-'}`)
    .join('; '),
})

const ttlsBefore = ({ primary, servers }: Zone, changes: RecordChange[]): Before =>
  Object.fromEntries(
    changes.flatMap(({ record: { key } }) => {
      const said = [primary, ...servers].flatMap(view => view.said[key] ?? [])
      const ttls = said.filter(({ data }) => data.length > 0).map(({ ttlSeconds }) => ttlSeconds)
      return ttls.length === 0 ? [] : [[key, Math.max(...ttls)]]
    }),
  )

/** nsupdate's own limit and the reads around it. */
const updateSeconds = 60

/** What the steps that send an update have in common: each waits for every server to serve it. */
export function plannedChange(spec: DnsSpec, byHand: Record<ProviderCapabilities['byHand'], MessageKey>) {
  const { expectedSeconds, deadlineSeconds } = durations(spec)
  const { names, capabilities } = providerOf(spec)
  const { server, key } = names(spec.zone)
  const values = { zone: zoneTitle(spec), server, key }
  return {
    expectedSeconds,
    deadlineSeconds,
    ...thrice,
    trigger: 'failure' as const,
    mayLeaveOut: optionalServers(spec),
    undo: {
      possible: true as const,
      expectedSeconds,
      deadlineSeconds,
      byHand: { key: byHand[capabilities.byHand], values },
    },
  }
}

/** Record by record takes its time, and a provider may ask for patience: thrice what is expected is allowed on top. */
export function durations(spec: DnsSpec): { expectedSeconds: number; deadlineSeconds: number } {
  const setsSeconds = Math.ceil(providerOf(spec).capabilities.secondsPerSet * spec.records.length)
  return {
    expectedSeconds: 2 + setsSeconds,
    // The servers are waited for before the change, and after.
    deadlineSeconds: updateSeconds + 3 * setsSeconds + 2 * spec.propagationSeconds,
  }
}
