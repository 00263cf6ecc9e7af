import type { FindingLevel } from '../../model/fact.ts'
import type { MessageKey } from '../../model/text.ts'
import { typed } from '../kit/by-hand.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { cameWithin } from './clients.ts'
import type { AboutForwarder, ForwarderFacts } from './facts.ts'
import { forwarderOf } from './gateway.ts'
import { tableOf } from './ruleset.ts'

type Sentences = { level: FindingLevel; text: MessageKey; remedy?: MessageKey }
const sentences = {
  missing: { level: 'block', text: 'forwarder.finding.missing', remedy: 'forwarder.finding.missing.remedy' },
  taken: { level: 'block', text: 'forwarder.finding.taken', remedy: 'forwarder.finding.taken.remedy' },
  'file-taken': {
    level: 'block',
    text: 'forwarder.finding.file-taken',
    remedy: 'forwarder.finding.file-taken.remedy',
  },
  'no-directory': {
    level: 'block',
    text: 'forwarder.finding.no-directory',
    remedy: 'forwarder.finding.no-directory.remedy',
  },
  'forwarding-off': {
    level: 'block',
    text: 'forwarder.finding.forwarding-off',
    remedy: 'forwarder.finding.forwarding-off.remedy',
  },
  dropped: { level: 'block', text: 'forwarder.finding.dropped', remedy: 'forwarder.finding.dropped.remedy' },
  'no-chain': {
    level: 'block',
    text: 'forwarder.finding.no-chain',
    remedy: 'forwarder.finding.no-chain.remedy',
  },
  'not-there': {
    level: 'warn',
    text: 'forwarder.finding.not-there',
    remedy: 'forwarder.finding.not-there.remedy',
  },
  earlier: { level: 'warn', text: 'forwarder.finding.earlier', remedy: 'forwarder.finding.earlier.remedy' },
  legacy: { level: 'warn', text: 'forwarder.finding.legacy', remedy: 'forwarder.finding.legacy.remedy' },
  unreachable: {
    level: 'warn',
    text: 'forwarder.finding.unreachable',
    remedy: 'forwarder.finding.unreachable.remedy',
  },
  'not-persisted': {
    level: 'warn',
    text: 'forwarder.finding.not-persisted',
    remedy: 'forwarder.finding.not-persisted.remedy',
  },
  'not-included': {
    level: 'warn',
    text: 'forwarder.finding.not-included',
    remedy: 'forwarder.finding.not-included.remedy',
  },
  ready: { level: 'ok', text: 'forwarder.finding.ready' },
  nobody: { level: 'ok', text: 'forwarder.finding.nobody' },
  late: { level: 'warn', text: 'forwarder.finding.late', remedy: 'forwarder.finding.late.remedy' },
} as const satisfies Record<string, Sentences>
type Found = { rule: keyof typeof sentences; values?: Record<string, string | number> }

/** What would keep a client of an old address from being forwarded, and what only deserves to be known. */
export function findings(about: AboutForwarder): Judgement[] {
  const { component, host, spec } = forwarderOf(about)
  const { facts } = about
  const file = spec.persist?.file ?? ''
  const common = {
    host: host.ssh,
    table: tableOf(component),
    file,
    directory: typed(['install', '-d', '--', file.slice(0, Math.max(1, file.lastIndexOf('/')))]),
    boot: spec.persist?.includedBy ?? '',
  }
  const blocking = wouldBlock(facts, spec.acceptIn)
  const found: Found[] = [
    ...blocking,
    ...worthKnowing(facts, spec.persist !== undefined),
    ...(blocking.length === 0 ? [{ rule: 'ready', values: { services: spec.forward.length } } as const] : []),
    ...stillComing(facts, spec.lateMinutes),
  ]
  return found.map(({ rule, values: own }) => {
    const { level, text, remedy }: Sentences = sentences[rule]
    const values = { ...common, ...own }
    return { rule, level, text: { key: text, values }, ...(remedy && { remedy: { key: remedy, values } }) }
  })
}

function wouldBlock(facts: ForwarderFacts, acceptIn: { table: string; chain: string }[]): Found[] {
  const found: Found[] = []
  const { missing = [], forwardingOff = [], droppingChains = [], acceptInMissing = [] } = facts
  if (missing.length > 0) found.push({ rule: 'missing', values: { programs: missing.join(' ') } })
  if (facts.table === 'foreign') found.push({ rule: 'taken' })
  if (facts.keptFile === 'foreign') found.push({ rule: 'file-taken' })
  if (facts.directoryMissing) found.push({ rule: 'no-directory' })
  for (const family of forwardingOff) found.push({ rule: 'forwarding-off', values: { family } })
  for (const { table, chain } of droppingChains)
    if (!acceptIn.some(one => one.table === table && one.chain === chain))
      found.push({ rule: 'dropped', values: { dropTable: table, chain } })
  for (const chain of acceptInMissing) found.push({ rule: 'no-chain', values: { chain } })
  return found
}

function worthKnowing(facts: ForwarderFacts, isPersisted: boolean): Found[] {
  const { addressesNotThere = [], earlierRedirects = [], legacyTables = [], unreachable = [] } = facts
  const found: Found[] = [
    ...addressesNotThere.map((address): Found => ({ rule: 'not-there', values: { address } })),
    ...earlierRedirects.map((chain): Found => ({ rule: 'earlier', values: { chain } })),
  ]
  if (legacyTables.length > 0) found.push({ rule: 'legacy', values: { tables: legacyTables.join(', ') } })
  if (unreachable.length > 0)
    found.push({ rule: 'unreachable', values: { services: unreachable.join(', ') } })
  if (!isPersisted) found.push({ rule: 'not-persisted' })
  else if (facts.includedAtBoot === false) found.push({ rule: 'not-included' })
  return found
}

/** Once something is forwarded: which clients came late, or for how long none has. */
function stillComing({ sinceSeconds, clients = [] }: ForwarderFacts, lateMinutes: number): Found[] {
  if (sinceSeconds === undefined) return []
  const late = cameWithin(clients, lateMinutes * 60)
  const hours = Math.round((clients[0]?.secondsAgo ?? sinceSeconds) / 360) / 10
  if (late.length === 0) return [{ rule: 'nobody', values: { hours } }]
  const named = late.map(({ client, service }) => `${client} (${service})`).join(', ')
  const count = new Set(late.map(({ client }) => client)).size
  return [{ rule: 'late', values: { count, minutes: lateMinutes, clients: named } }]
}
