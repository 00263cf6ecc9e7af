import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { sameData } from '../record-data.ts'
import { ApiRefusal, answering } from './http.ts'
import type { ChangeAnswer, DnsProvider, ProviderCapabilities, RecordSet } from './provider.ts'

/** A set as the API holds it; `raw` is whatever the driver needs to write it. No data: it is not there. */
export type Held<Raw> = RecordSet & { raw: Raw }
export type Pair<Raw> = { held: Held<Raw>; wanted: RecordSet }
type Asked = Pick<RecordSet, 'name' | 'type'>

/** What a driver for an HTTP API does itself. All throw ApiRefusal. */
export type ZoneApi<Raw> = {
  /** What can be known by reading alone of whether a change would be taken. */
  check(zone: string, io: ReadIo): Promise<void>
  /** The sets in the order they are asked for. */
  read(zone: string, sets: Asked[], io: ReadIo): Promise<Held<Raw>[]>
  /**
   * All sets that are given as one act; it is given one set at a time where the provider knows no such act. Called by a change,
   * and by a rehearsal with the sets as they are held.
   */
  write(zone: string, pairs: Pair<Raw>[], io: ReadIo): Promise<void>
  /** Where a change is not served before something else is said. */
  publish?(zone: string, io: ChangeIo): Promise<void>
}

const done: ChangeAnswer = { code: 'NOERROR', detail: '' }

/**
 * Changes through an API that knows no prerequisites: what it holds is read and compared just before it is written. What is
 * as wanted already is left alone.
 */
export function bySets<Raw>(
  api: ZoneApi<Raw>,
  { atomic }: ProviderCapabilities,
): Pick<DnsProvider, 'ask' | 'rehearse' | 'change'> {
  return {
    ask: (zone, expected, io) => answering(() => compare(api, zone, expected, io)),
    rehearse: (zone, current, io) =>
      answering(async () => {
        const answer = await compare(api, zone, current, io)
        if (answer.code !== done.code) return answer
        const held = await api.read(zone, current, io)
        // As the API holds them, so that nothing becomes otherwise; nothing is published.
        const pairs = held.filter(({ data }) => data.length > 0).map(one => ({ held: one, wanted: one }))
        // Where it stops half-way nothing is half-way: each set is what it was.
        for (const part of atomic === 'server' ? [pairs] : pairs.map(pair => [pair]))
          if (part.length > 0) await api.write(zone, part, io)
        return done
      }),
    change: ({ zone, expected, wanted }, io) =>
      answering(async () => {
        const held = await api.read(zone, wanted, io)
        const sets = held.map((one, index) => ({
          held: one,
          expected: expected[index]?.data ?? [],
          wanted: asWritten(one, wanted[index] as RecordSet),
        }))
        const pending = sets.filter(set => !isAsWanted(set))
        const foreign = pending.filter(set => !isKnown(set, atomic))
        if (foreign.length > 0) return changedMeanwhile(foreign)
        await inTurn(api, zone, pending, atomic, io)
        await published(api, zone, io)
        return done
      }),
  }
}

async function compare<Raw>(
  api: ZoneApi<Raw>,
  zone: string,
  expected: RecordSet[],
  io: ReadIo,
): Promise<ChangeAnswer> {
  await api.check(zone, io)
  const held = await api.read(zone, expected, io)
  const sets = held.map((one, index) => ({ held: one, expected: expected[index]?.data ?? [] }))
  const foreign = sets.filter(set => !same(set.held, set.expected))
  return foreign.length > 0 ? changedMeanwhile(foreign) : done
}

async function inTurn<Raw>(
  api: ZoneApi<Raw>,
  zone: string,
  pairs: Pair<Raw>[],
  atomic: ProviderCapabilities['atomic'],
  io: ChangeIo,
): Promise<void> {
  if (pairs.length === 0) return
  if (atomic === 'server') return api.write(zone, pairs, io)
  const written: string[] = []
  for (const pair of pairs) {
    try {
      await api.write(zone, [pair], io)
    } catch (error) {
      // Lost on its way, it may have been carried out all the same; the caller looks before it judges.
      if (!(error instanceof ApiRefusal) || written.length === 0) throw error
      const detail = `${written.join(', ')} ✓; ${labelOf(pair.held)} ✗ ${error.answer.detail}`
      throw new ApiRefusal(api.publish === undefined ? 'HALFWAY' : 'STAGED', detail)
    }
    written.push(labelOf(pair.held))
  }
}

/** Also where nothing was left to write: an earlier call may have been cut short between its last record and this. */
async function published<Raw>(api: ZoneApi<Raw>, zone: string, io: ChangeIo): Promise<void> {
  try {
    await api.publish?.(zone, io)
  } catch (error) {
    if (error instanceof ApiRefusal) throw new ApiRefusal('STAGED', error.answer.detail)
    throw error
  }
}

const same = ({ type, data }: RecordSet, values: string[]): boolean => sameData(type, data, values)

/**
 * As expected, or as wanted. Where a set is changed record by record before anything is served, one that was cut short half-way
 * is known too: it holds nothing but values of both.
 */
function isKnown(
  { held, expected, wanted }: { held: RecordSet; expected: string[]; wanted: RecordSet },
  atomic: ProviderCapabilities['atomic'],
): boolean {
  const ours = [...expected, ...wanted.data]
  const isOurs = (value: string) => ours.some(one => sameData(held.type, [value], [one]))
  return same(held, expected) || same(held, wanted.data) || (atomic === 'staged' && held.data.every(isOurs))
}

/** Where only the TTL changes, the data stay as they are written there. */
const asWritten = (held: RecordSet, wanted: RecordSet): RecordSet =>
  same(held, wanted.data) ? { ...wanted, data: held.data } : wanted

const isAsWanted = ({ held, wanted }: { held: RecordSet; wanted: RecordSet }): boolean =>
  same(held, wanted.data) && (wanted.data.length === 0 || held.ttlSeconds === wanted.ttlSeconds)

function changedMeanwhile(foreign: { held: RecordSet; expected: string[] }[]): ChangeAnswer {
  const words = foreign.map(
    ({ held, expected }) =>
      `${labelOf(held)}: ${held.data.join(', ') || '-'} ≠ ${expected.join(', ') || '-'}`,
  )
  return { code: 'NXRRSET', detail: words.join('; ') }
}

const labelOf = ({ name, type }: RecordSet): string => `${name} ${type}`

type Entry = { id: string; data: string }
/** What makes the entries of one set say the wanted values: `kept` and `changed` exist, `added` do not, `removed` go. */
type Matched = {
  kept: Entry[]
  changed: Entry[]
  added: string[]
  removed: string[]
}

/**
 * For APIs that know a record by an id of its own. An entry that says a wanted value keeps it, so that no two ever say the
 * same on the way; the others take the values that are left.
 */
export function matchEntries(type: string, entries: Entry[], wanted: string[]): Matched {
  const left = [...wanted]
  const kept: Entry[] = []
  const free: Entry[] = []
  for (const entry of entries) {
    const at = left.findIndex(value => sameData(type, [value], [entry.data]))
    if (at === -1) free.push(entry)
    else {
      left.splice(at, 1)
      kept.push(entry)
    }
  }
  const changed = free.slice(0, left.length).map(({ id }, index) => ({ id, data: left[index] as string }))
  return {
    kept,
    changed,
    added: left.slice(changed.length),
    removed: free.slice(changed.length).map(({ id }) => id),
  }
}

/** `www` of `www.techcorp.test`; `apex` for the zone itself. */
export function relativeName(name: string, zone: string, apex: string): string {
  return name === zone ? apex : name.slice(0, -zone.length - 1)
}
