import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { damageText, type Row, verifyChain } from '../journal/chain.ts'
import { rowsOfCopy } from '../journal/copy-lines.ts'
import { openJournal } from '../journal/journal.ts'
import { entriesOf, journalExists } from '../journal/read.ts'
import { writeRows } from '../journal/store.ts'
import type { Entry, Event, OrderRecord } from '../model/event.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import type { ReadIo } from '../model/io.ts'
import type { JournalCopiesRole } from '../model/roles.ts'
import { inheritLock, stateUnusable } from './lock.ts'
import { stampState } from './state-format.ts'
import { journalFile } from './stored-runs.ts'

/** The newest copy of a journal that the sites have: its chain is whole. */
export type FoundCopy = {
  host: string
  rows: Row[]
  entries: Entry[]
  /** The hosts of other copies that could not be asked, with why: theirs may be newer. */
  unasked: { host: string; failure: Failure }[]
  /** The hosts of copies that parted from this one, of a program that has only looked since: whoever goes on sets them aside. */
  parted: string[]
}

/**
 * Asks every host that keeps a copy and gives the newest. Throws Failure: `from` cannot be asked, keeps no copy, a copy is not whole, or
 * two are of different journals.
 */
export async function findCopy(
  role: JournalCopiesRole,
  from: string,
  planName: string,
  io: ReadIo,
): Promise<FoundCopy> {
  const asked = await Promise.allSettled(role.places.map(({ host }) => role.read(host, planName, 0, io)))
  const unasked: FoundCopy['unasked'] = []
  const found: Copy[] = []
  for (const [index, answer] of asked.entries()) {
    const host = role.places[index]?.host ?? ''
    if (answer.status === 'fulfilled') found.push({ host, rows: wholeRows(host, answer.value) })
    else if (answer.reason instanceof Failure && host !== from) unasked.push({ host, failure: answer.reason })
    else throw answer.reason
  }
  const newest = found.toSorted(longestFirst)[0]
  if (newest === undefined || newest.rows.length === 0)
    throw new Failure(
      { key: 'run.takeover.none', values: { host: from } },
      { remedy: { key: 'run.takeover.none.remedy' } },
    )
  const { copy, parted } = goesOnFrom(found, planName)
  return { ...copy, entries: entriesOf(copy.rows, copy.host), unasked, parted }
}

type Copy = { host: string; rows: Row[] }
const longestFirst = (one: Copy, other: Copy): number => other.rows.length - one.rows.length

/**
 * Two programs may have written for a while, each where the other could not be asked. The copy to go on from is the one that no other
 * has acted beside. Throws Failure where both acted: no journal knows the whole then.
 */
function goesOnFrom(copies: readonly Copy[], planName: string): { copy: Copy; parted: string[] } {
  for (const copy of copies.toSorted(longestFirst)) {
    const others = copies.filter(other => since(other, copy).length > 0)
    if (others.every(other => commonEntries(other, copy) > 0 && actsSince(other, copy).length === 0))
      return { copy, parted: others.map(({ host }) => host) }
  }
  const none: Copy = { host: '', rows: [] }
  const [one = none, other = none] = copies
  const values = { host: one.host, other: other.host }
  const entries = commonEntries(one, other)
  if (entries === 0)
    throw new Failure(
      { key: 'run.takeover.forked', values },
      { remedy: { key: 'run.takeover.forked.remedy' } },
    )
  const [own, others] = [actsSince(one, other).join(', '), actsSince(other, one).join(', ')]
  throw new Failure(
    { key: 'run.takeover.parted', values: { ...values, entries, own, others } },
    { remedy: { key: 'run.takeover.parted.remedy', values: { plan: planName } } },
  )
}

function commonEntries(one: Copy, other: Copy): number {
  const parts = one.rows.findIndex(({ hash }, at) => other.rows[at]?.hash !== hash)
  return parts === -1 ? one.rows.length : parts
}

const since = (one: Copy, other: Copy): Row[] => one.rows.slice(commonEntries(one, other))

/** What one did since they parted, as its journal names it: steps, gates and orders, else the type of the event. */
function actsSince(one: Copy, other: Copy): string[] {
  const acts = entriesOf(since(one, other), one.host).flatMap(({ event }) => {
    if (looks.has(event.type)) return []
    if ('step' in event) return [event.step]
    if (event.type === 'order.received') return [event.order.order.do]
    return [event.type]
  })
  return [...new Set(acts)]
}

/** Who writes no others has asked and told, and changed nothing: what it wrote need not be known to go on, or back. */
const looks: ReadonlySet<Event['type']> = new Set<Event['type']>([
  ...(['run.resumed', 'gate.reached', 'check.started', 'check.done', 'check.failed'] as const),
  ...([
    'copy.lost',
    'copy.back',
    'line.lost',
    'line.back',
    'return-path.seen',
    'journal.key',
    'note',
  ] as const),
])

/** Throws Failure when a copy that could not be asked may be newer, unless `without` names its host: then a person goes on without it. */
export function refuseUnasked(
  { unasked }: Pick<FoundCopy, 'unasked'>,
  from: string,
  without: string | undefined,
): void {
  for (const { host, failure } of unasked) {
    if (host === without) continue
    const remedy = { key: 'run.takeover.unasked.remedy', values: { host, from } } as const
    throw new Failure({ key: 'run.takeover.unasked', values: { host } }, { remedy, cause: failure })
  }
}

function wholeRows(host: string, text: string): Row[] {
  const rows = rowsOfCopy(text)
  const last = rows?.at(-1)
  const verdict = rows && verifyChain(rows, { entries: last?.sequence ?? 0, hash: last?.hash ?? '' })
  if (rows !== undefined && verdict?.ok === true) return rows
  const remedy = { key: 'run.takeover.damaged.remedy', values: { host } } as const
  throw verdict?.ok === false
    ? new Failure(damageText(host, verdict.firstBad), { remedy })
    : new Failure({ key: 'run.takeover.damaged', values: { host } }, { remedy })
}

/** Throws Failure when something has begun in the state directory: two journals are never mixed. */
export function refuseUsed(stateDirectory: string): void {
  if (!journalExists(journalFile(stateDirectory))) return
  throw new Failure(
    { key: 'run.takeover.stateUsed', values: { directory: stateDirectory } },
    { remedy: { key: 'run.takeover.stateUsed.remedy' }, exitCode: exitCodes.usage },
  )
}

/** By which order a machine took the journal over, and the run that it was given to. */
export type TakenBy = { run: string; record: OrderRecord }

/**
 * Makes a state directory that goes on with the rows and counts on from `number`; whole, or not at all. The order by which it was made is
 * its first own entry.
 */
export function foundState(
  stateDirectory: string,
  rows: readonly Row[],
  lineage: string,
  number: number,
  by?: TakenBy,
): void {
  let made: string | undefined
  try {
    mkdirSync(dirname(stateDirectory), { recursive: true, mode: 0o700 })
    made = mkdtempSync(`${stateDirectory}.`)
    writeRows(join(made, 'journal.db'), rows)
    if (by) recordTakeover(join(made, 'journal.db'), by)
    inheritLock(made, lineage, number)
    stampState(made)
    renameSync(made, stateDirectory)
  } catch (cause) {
    if (made !== undefined) rmSync(made, { recursive: true, force: true })
    throw cause instanceof Failure ? cause : stateUnusable(stateDirectory, cause)
  }
}

/** Nothing in it is a secret: a person's name, hosts, and what they signed. */
function recordTakeover(file: string, { run, record }: TakenBy): void {
  const journal = openJournal(file, { redact: value => value })
  try {
    journal.append(run, { type: 'order.received', order: record })
  } finally {
    journal.close()
  }
}
