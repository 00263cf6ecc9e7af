import { type Failure, hasCode } from '../../model/failure.ts'
import type { FigureForms } from '../../model/figure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Plan, SiteSide } from '../../model/plan.ts'
import type { AuthorityRole, Claimant, Standing } from '../../model/roles.ts'
import type { KeysOf, Sentences } from '../../model/text.ts'
import type { About, Judgement } from '../kit/kind-parts.ts'
import { handover } from './actions/handover.ts'
import { journalCopies } from './copy.ts'
import { discover } from './discover.ts'
import { audit, authority, type Known } from './facts.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { allOf, type Hosts, hostsOf } from './places.ts'
import { type AuthorityRecord, heldByAnother, readRecord, writeAuthority } from './record.ts'
import { journalSeals } from './seals.ts'
import type { AuthoritySpec } from './spec.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

const figures: FigureForms = {
  site: { label: 'authority.figure.site' },
  fencingNumber: { label: 'authority.figure.fencingNumber' },
}

/** Who has authority over the data, written down at both sites. */
export const kind = authority.defineKind({
  messages,
  lackingRules: ['tools'],
  provides: {
    authority: authorityRole,
    journalCopies: about => journalCopies(hostsOf(about)),
    journalSeals: about => journalSeals(hostsOf(about)),
  },
  discover,
  audit,
  findings,
  /** Only the real night passes authority: a rehearsal leaves it where it is. */
  plan: () => ({ preparation: [], rehearsal: [], live: [handover], close: [] }),
  actions: [handover],
  figures,
  returnPath: 'none',
  losesWithout: 'nothing',
  measures: {},
})

function findings({ facts, plan }: About<AuthoritySpec, Known>): Judgement[] {
  const lacking = Object.entries(facts.missingTools ?? {}).map(([host, programs]): Judgement => {
    const values = { host, programs: programs.join(', ') }
    return {
      rule: `tools.${host}`,
      level: 'block',
      text: { key: 'authority.finding.tools', values },
      remedy: { key: 'authority.finding.tools.remedy', values },
    }
  })
  const elsewhere = Object.entries(facts.standing ?? {})
    .filter(([, { site }]) => site !== plan.sites.source.id)
    .map(([host]) => host)
    .sort()
  if (elsewhere.length === 0) return lacking
  const values = { hosts: elsewhere.join(', '), source: plan.sites.source.title }
  const moved: Judgement = {
    rule: 'elsewhere',
    level: 'block',
    text: { key: 'authority.finding.elsewhere', values },
    remedy: { key: 'authority.finding.elsewhere.remedy' },
  }
  return [...lacking, moved]
}

type ClaimResult = { claimed: string[]; unreachable: { host: string; failure: Failure }[] }

/** What others ask of a component of this kind. */
function authorityRole({ spec, plan }: { spec: AuthoritySpec; plan: Plan }): AuthorityRole {
  const hosts = hostsOf({ spec, plan })
  return {
    claim: (claimant, io) => claimAuthority(hosts, claimant, plan.sites.source.id, io),
    check: (claimant, io, without) => checkAuthority(hosts, claimant, io, without),
    standing: (planName, io) => standing(hosts, planName, io),
  }
}

async function standing(hosts: Hosts, planName: string, io: ReadIo): Promise<Standing[]> {
  const { reached } = await settle(allOf(hosts), host => readRecord(host, planName, io, checkSeconds))
  return reached.flatMap(({ host, value }) => (value ? [{ host, ...value }] : []))
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
export async function checkAuthority(
  hosts: Hosts,
  claimant: Claimant,
  io: ReadIo,
  without?: SiteSide,
): Promise<void> {
  const sides = (['source', 'target'] as const).filter(side => side !== without)
  const names = sides.map(side => hosts[side][0]).filter(host => host !== undefined)
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

/** Asks all hosts at once. Only those that cannot be reached are set apart; any other failure is thrown. */
async function settle<T>(names: string[], ask: (host: string) => Promise<T>) {
  const reached: { host: string; value: T }[] = []
  const unreachable: ClaimResult['unreachable'] = []
  const ends = await Promise.allSettled(names.map(ask))
  for (const [index, end] of ends.entries()) {
    const host = names[index] ?? ''
    if (end.status === 'fulfilled') reached.push({ host, value: end.value })
    else if (hasCode(end.reason, 'unreachable', 'timed-out', 'refused', 'host-key'))
      unreachable.push({ host, failure: end.reason })
    else throw end.reason
  }
  return { reached, unreachable }
}
