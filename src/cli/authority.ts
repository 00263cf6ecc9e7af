import { hostname } from 'node:os'
import type { JournalHead } from '../model/event.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import type { ChangeIo, ReadIo } from '../model/io.ts'
import type { Kind } from '../model/kind.ts'
import type { Component, Plan, SiteSide, TimestampAuthority } from '../model/plan.ts'
import {
  type AuthorityRole,
  type Claimant,
  type CopyPlace,
  type JournalCopiesRole,
  rolesOf,
  type Seal,
  type Standing,
} from '../model/roles.ts'
import { systemClock } from '../run/clock.ts'
import { JournalCopies, refuseBehind } from '../run/journal-copies.ts'
import type { Clock } from '../run/ports.ts'
import { type AskForStamp, JournalSeals } from '../run/seals.ts'
import type { TakeAuthority } from '../run/session.ts'
import type { OpenState } from '../run/state.ts'

/**
 * Joins the session with the components that write down at both sites which program may act, and keep a copy of the journal there.
 * `everywhere`: fail if a host is unreachable. A rollback passes false: it must run even when some hosts are down.
 */
export function takeAuthority(
  kinds: Record<string, Kind>,
  everywhere: boolean,
  program: { holder: string; clock: Clock } = { holder: `${hostname()}:${process.pid}`, clock: systemClock },
): TakeAuthority {
  return async (state, plan) => {
    const authorities = authoritiesOf(plan, kinds)
    const ending = new AbortController()
    const io = state.transport.ioFor({ key: 'authority', signal: ending.signal })
    const newest = async (): Promise<AskedCopy[]> => {
      const asked = await copiesOf(plan, kinds, io)
      for (const { host, head } of asked) if (head) refuseBehind(host, head, state.journal)
      return asked
    }
    const before = await newest()
    const isNewest = before.some(({ head }) => head !== undefined && head.entries > 0)
    const others = isNewest ? await numbersOf(authorities, plan.name, state.lock.lineage, io) : []
    const claimant: Claimant = {
      planName: plan.name,
      fencingNumber: 1 + Math.max(state.lock.number, ...others),
      holder: program.holder,
      lineage: state.lock.lineage,
    }
    await claim(authorities, claimant, state, everywhere, io)
    // from the claim on nobody else adds to the copies: what came in between is asked for, too
    const copies = await newest()
    const hosts = copies.map(({ role, ...copy }) => ({
      ...copy,
      append: (lines: readonly string[]) => role.append(copy.host, claimant, lines, io),
      claimStands: async () =>
        (await standingOf(authorities, plan.name, io)).some(
          one => one.host === copy.host && isOf(one, claimant),
        ),
    }))
    const kept = hosts.length > 0 ? new JournalCopies(hosts, state.journal, program.clock, ending) : undefined
    const seals = sealsOf(plan, kinds, claimant, state, io, kept)
    return {
      fencingNumber: claimant.fencingNumber,
      check: async without => {
        /*
         * The same hosts: who brings entries there is told whether he may act. While one takes none, for whatever reason, the authority
         * is asked itself: what cannot be read ends the program, a host that gives no answer tells nothing. So when none answers at
         * all, the act goes on, as the way back must; it can change nothing at those hosts as long as they are silent.
         */
        if (!(await kept?.reachAll(without)))
          await Promise.all(authorities.map(authority => authority.check(claimant, io, without)))
      },
      ...(kept && { copies: kept }),
      ...(seals && { seals }),
    }
  }
}

/** Numbers that programs of this state directory, or of one made from a copy of its journal, have claimed by. */
async function numbersOf(
  authorities: readonly AuthorityRole[],
  planName: string,
  lineage: string,
  io: ReadIo,
): Promise<number[]> {
  const standing = await standingOf(authorities, planName, io)
  return standing.filter(one => one.lineage === lineage).map(one => one.fencingNumber)
}

const standingOf = async (
  authorities: readonly AuthorityRole[],
  planName: string,
  io: ReadIo,
): Promise<Standing[]> =>
  (await Promise.all(authorities.map(authority => authority.standing(planName, io)))).flat()

const isOf = (standing: Standing, { fencingNumber, lineage, holder }: Claimant): boolean =>
  standing.fencingNumber === fencingNumber && standing.lineage === lineage && standing.holder === holder

/** Counted before it is written anywhere, since a program may die in between; not any more when it is refused. */
async function claim(
  authorities: readonly AuthorityRole[],
  claimant: Claimant,
  { lock }: OpenState,
  everywhere: boolean,
  io: ChangeIo,
): Promise<void> {
  const before = lock.number
  lock.count(claimant.fencingNumber)
  try {
    for (const authority of authorities) {
      const { unreachable } = await authority.claim(claimant, io)
      const [first] = unreachable
      if (first && everywhere) throw first.failure
    }
  } catch (error) {
    if (error instanceof Failure && error.exitCode === exitCodes.locked) lock.count(before)
    throw error
  }
}

/** Named by the plan and by what the state directory counts in: a migration that began anew has seals of another name. */
function sealsOf(
  plan: Plan,
  kinds: Record<string, Kind>,
  claimant: Claimant,
  { journal, sealKey }: OpenState,
  io: ChangeIo,
  copies: JournalCopies | undefined,
): JournalSeals | undefined {
  const hosts = rolesOf(
    plan,
    kinds,
    {},
  )('journalSeals').flatMap(({ value }) =>
    value.places.map(place => ({
      ...place,
      keep: (seal: Seal) => value.keep(place.host, claimant, seal, io),
    })),
  )
  if (hosts.length === 0) return undefined
  const origin = `bascule/${plan.name}/${claimant.lineage}`
  return new JournalSeals(hosts, journal, origin, sealKey(), {
    ...(copies && { copies }),
    ...(plan.timestamps && { askForStamp: askerOf(plan.timestamps, io) }),
  })
}

const stampTimeoutSeconds = 20
/** An answer goes into the journal and its copies. Those of public authorities, with their certificates, have 2 to 8 kB. */
const mostStampBytes = 64 * 1024

/** As RFC 3161 sends a request over HTTP (section 3.4). Throws Failure when the authority does not answer, or not with 200. */
function askerOf({ url }: TimestampAuthority, io: ReadIo): AskForStamp {
  return async binaryBody => {
    const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }
    const answer = await io.http({
      method: 'POST',
      url,
      headers,
      binaryBody,
      timeoutSeconds: stampTimeoutSeconds,
    })
    const isAnswer = answer.status === 200 && answer.body.length <= mostStampBytes
    if (isAnswer) return Buffer.from(answer.body)
    throw new Failure({
      key: 'cli.journal.stamp.status',
      values: { url, status: answer.status, bytes: answer.body.length, most: mostStampBytes },
    })
  }
}

type AskedCopy = { role: JournalCopiesRole; host: string; side: SiteSide; head?: JournalHead }

/** One that cannot be asked has no head. */
async function copiesOf(plan: Plan, kinds: Record<string, Kind>, io: ReadIo): Promise<AskedCopy[]> {
  const roles = rolesOf(plan, kinds, {})('journalCopies').map(({ value }) => value)
  const ask = async (role: JournalCopiesRole, { host, side }: CopyPlace): Promise<AskedCopy> => {
    try {
      return { role, host, side, head: await role.head(host, plan.name, io) }
    } catch (error) {
      if (error instanceof Failure) return { role, host, side }
      throw error
    }
  }
  return Promise.all(roles.flatMap(role => role.places.map(place => ask(role, place))))
}

/** A plan may have no such component: then each kind that can be an authority is asked, with an empty spec. */
function authoritiesOf(plan: Plan, kinds: Record<string, Kind>): AuthorityRole[] {
  const planned = rolesOf(plan, kinds, {})('authority').map(({ value }) => value)
  if (planned.length > 0) return planned
  return Object.values(kinds).flatMap(({ kind, provides }) => {
    const component: Component = {
      ...{ id: kind, kind, title: kind, criticality: 'critical', owner: '', needs: [], spec: {} },
    }
    return provides?.authority?.({ component, plan, facts: {} }) ?? []
  })
}
