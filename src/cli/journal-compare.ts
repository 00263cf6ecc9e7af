import { type Row, verifyChain } from '../journal/chain.ts'
import { rowsOfCopy } from '../journal/copy-lines.ts'
import { entriesOf, type JournalReader } from '../journal/read.ts'
import { Failure } from '../model/failure.ts'
import type { ReadIo } from '../model/io.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import {
  type CopyPlace,
  type JournalCopiesRole,
  type JournalSealsRole,
  type KeptSeals,
  rolesOf,
} from '../model/roles.ts'
import type { Text } from '../model/text.ts'
import { compareHead } from '../run/journal-copies.ts'
import { judgeSeals, type OwnSeals, type SealState } from '../run/judge-seals.ts'

type Unasked = { host: string; state: 'unasked'; why: Text }
export type ComparedCopy = Unasked | { host: string; state: ReturnType<typeof compareHead>; entries: number }
export type ComparedSeals =
  | Unasked
  | { host: string; state: SealState; seals: number; entries: number; directory: string }
/** `newest`: where the longest copy is that is whole and that every seal agrees with; looked for when this journal is not it. */
export type Compared = { copies: ComparedCopy[]; seals: ComparedSeals[]; newest?: string }

const isWorse = ({ state }: { state: string }): boolean => state === 'ahead' || state === 'differs'
export const isBad = ({ copies, seals }: Compared): boolean =>
  [...copies, ...seals].some(one => isWorse(one) || one.state === 'forged')
/** None that was asked gave an answer. */
export const isUnasked = ({ copies, seals }: Compared): boolean =>
  copies.length + seals.length > 0 && [...copies, ...seals].every(({ state }) => state === 'unasked')

export const keepersOf = (plan: Plan, kinds: Record<string, Kind>) => {
  const roles = rolesOf(plan, kinds, {})
  const copies = roles('journalCopies').map(({ value }) => value)
  const seals = roles('journalSeals').map(({ value }) => value)
  const places = [...copies, ...seals].flatMap(role => role.places.map(({ host }) => host))
  return { copies, seals, hosts: [...new Set(places)] }
}

/** Asks every host that keeps a copy or seals of the journal, all at once. */
export async function compareWithHosts(
  plan: Plan,
  kinds: Record<string, Kind>,
  journal: JournalReader,
  io: ReadIo,
): Promise<Compared> {
  const keepers = keepersOf(plan, kinds)
  const own: OwnSeals = { hashes: journal.hashes(), events: journal.entries().map(({ event }) => event) }
  const found = new Map<string, KeptSeals>()
  const [copies, seals] = await Promise.all([
    compareCopies(keepers.copies, plan, journal, io),
    compareSeals(keepers.seals, plan, own, io, found),
  ])
  if (![...copies, ...seals].some(isWorse)) return { copies, seals }
  const newest = await newestCopy(keepers.copies, plan, found, io)
  return { copies, seals, ...(newest !== undefined && { newest }) }
}

const compareCopies = (roles: readonly JournalCopiesRole[], plan: Plan, journal: JournalReader, io: ReadIo) =>
  askAll(roles, async (role, host): Promise<ComparedCopy> => {
    const head = await role.head(host, plan.name, io)
    return { host, state: compareHead(head, journal.hashAt), entries: head.entries }
  })

const compareSeals = (
  roles: readonly JournalSealsRole[],
  plan: Plan,
  own: OwnSeals,
  io: ReadIo,
  found: Map<string, KeptSeals>,
) =>
  askAll(roles, async (role, host): Promise<ComparedSeals> => {
    const seals = await role.read(host, plan.name, io)
    found.set(host, seals)
    return { host, ...judgeSeals(host, seals, own), directory: role.directory(plan.name) }
  })

function askAll<Role extends { places: CopyPlace[] }, Answer>(
  roles: readonly Role[],
  ask: (role: Role, host: string) => Promise<Answer>,
): Promise<(Answer | Unasked)[]> {
  const askOne = async (role: Role, host: string): Promise<Answer | Unasked> => {
    try {
      return await ask(role, host)
    } catch (error) {
      if (error instanceof Failure) return { host, state: 'unasked', why: error.text }
      throw error
    }
  }
  return Promise.all(roles.flatMap(role => role.places.map(({ host }) => askOne(role, host))))
}

async function newestCopy(
  roles: readonly JournalCopiesRole[],
  plan: Plan,
  found: ReadonlyMap<string, KeptSeals>,
  io: ReadIo,
): Promise<string | undefined> {
  const read = await askAll(roles, async (role, host) => ({
    host,
    state: 'read' as const,
    rows: rowsOfCopy(await role.read(host, plan.name, 0, io)) ?? [],
  }))
  const agreeing = read.flatMap(copy => (copy.state === 'read' && isNewest(copy.rows, found) ? [copy] : []))
  return agreeing.toSorted((one, other) => other.rows.length - one.rows.length)[0]?.host
}

function isNewest(rows: readonly Row[], found: ReadonlyMap<string, KeptSeals>): boolean {
  const last = rows.at(-1)
  if (last === undefined || !verifyChain(rows, { entries: last.sequence, hash: last.hash }).ok) return false
  const own = { hashes: rows.map(({ hash }) => hash), events: entriesOf(rows, '').map(({ event }) => event) }
  return [...found].every(([host, seals]) => !isWorse(judgeSeals(host, seals, own)))
}
