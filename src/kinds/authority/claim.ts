import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Plan } from '../../model/plan.ts'
import type { AuthorityRole, Claimant } from '../../model/roles.ts'
import { allOf, type Hosts, hostsOf } from './places.ts'
import { type AuthorityRecord, heldByAnother, readRecord, writeAuthority } from './record.ts'
import type { AuthoritySpec } from './spec.ts'

export type ClaimResult = { claimed: string[]; unreachable: { host: string; failure: Failure }[] }

/** What others ask of a component of this kind. */
export function authorityRole({ spec, plan }: { spec: AuthoritySpec; plan: Plan }): AuthorityRole {
  const hosts = hostsOf({ spec, plan })
  return {
    claim: (claimant, io) => claimAuthority(hosts, claimant, plan.sites.source.id, io),
    check: (claimant, io) => checkAuthority(hosts, claimant, io),
  }
}

/** How long a check may wait for a host before it counts as unreachable. */
const checkSeconds = 5

/**
 * Writes the program's fencing number on the hosts of both sites, before anything else is done there. All are read first,
 * so that a refusal leaves nothing behind; `firstSite` stands where nothing did. Throws Failure with exit code 75 when a
 * newer program, another with the same number, or one of another state directory stands anywhere, and the first host's Failure when none can be
 * reached. Hosts that cannot be reached are given back: whether to go on without them is the caller's choice.
 */
export async function claimAuthority(
  hosts: Hosts,
  claimant: Claimant,
  firstSite: string,
  io: ChangeIo,
): Promise<ClaimResult> {
  const names = allOf(hosts)
  const seen = await settle(names, host => readRecord(host, claimant.planName, io))
  for (const { host, value } of seen.reached) refuseRival(host, claimant, value)
  const at = io.now()
  const told = await settle(
    seen.reached.map(({ host }) => host),
    host => writeAuthority(host, { ...claimant, site: firstSite, at, keepSite: true }, io),
  )
  const unreachable = [...seen.unreachable, ...told.unreachable]
  const [first] = unreachable
  if (told.reached.length === 0 && first) throw first.failure
  return { claimed: told.reached.map(({ host }) => host), unreachable }
}

/**
 * Throws Failure with exit code 75 when a newer program stands at the first host of either site. Cheap: two short reads at
 * once. A host that cannot be reached tells nothing, and is no reason to stop: the way back may not need it.
 */
export async function checkAuthority(hosts: Hosts, claimant: Claimant, io: ReadIo): Promise<void> {
  const names = [hosts.source[0], hosts.target[0]].filter(host => host !== undefined)
  const seen = await settle(names, host => readRecord(host, claimant.planName, io, checkSeconds))
  for (const { host, value } of seen.reached) refuseRival(host, claimant, value)
}

function refuseRival(host: string, claimant: Claimant, record?: AuthorityRecord): void {
  if (!record) return
  const { planName, fencingNumber, holder, lineage } = claimant
  const isOfMine = record.lineage === '' || record.lineage === lineage
  const isMine = record.fencingNumber === fencingNumber && (record.holder === '' || record.holder === holder)
  if (isOfMine && (record.fencingNumber < fencingNumber || isMine)) return
  throw heldByAnother(host, planName, record, fencingNumber)
}

const unreachableKeys = /^transport\.(unreachable|timedOut|refused|hostKey)/

/** Asks all hosts at once. Only those that cannot be reached are set apart; any other failure is thrown. */
async function settle<T>(names: string[], ask: (host: string) => Promise<T>) {
  const reached: { host: string; value: T }[] = []
  const unreachable: ClaimResult['unreachable'] = []
  const ends = await Promise.allSettled(names.map(ask))
  for (const [index, end] of ends.entries()) {
    const host = names[index] ?? ''
    if (end.status === 'fulfilled') reached.push({ host, value: end.value })
    else if (end.reason instanceof Failure && unreachableKeys.test(end.reason.text.key))
      unreachable.push({ host, failure: end.reason })
    else throw end.reason
  }
  return { reached, unreachable }
}
