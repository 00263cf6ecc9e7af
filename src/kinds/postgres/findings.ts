import type { Judgement } from '../kit/kind-parts.ts'
import type { PostgresFacts } from './facts.ts'
import { block, listed, type Rule, warn } from './finding-rule.ts'
import { localeRules } from './findings-locale.ts'
import type { AboutComponent } from './sides.ts'

/** Each rule once: broken, with its figures and what to do; or, when none is, one word that all is well. */
export function findingsOf({ component, spec, facts }: AboutComponent): Judgement[] {
  const broken = rules.flatMap(({ name, text, remedy, judge }): Judgement[] => {
    const verdict = judge({ spec, facts })
    if (verdict === undefined) return []
    const values = { component: component.id, ...verdict.values }
    return [
      { rule: name, level: verdict.level, text: { key: text, values }, remedy: { key: remedy, values } },
    ]
  })
  if (broken.length > 0) return broken
  const values = { component: component.id, version: facts.sourceVersion ?? '?' }
  return [{ rule: 'ready', level: 'ok', text: { key: 'postgres.finding.ready', values } }]
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6)
const major = (version: number): number => Math.floor(version / 10_000)
/** Room for the copy itself, and for the log that comes in while it is made. */
const diskFactor = 1.1

export const rules: readonly Rule[] = [
  {
    name: 'source-down',
    text: 'postgres.finding.source-down',
    remedy: 'postgres.finding.source-down.remedy',
    judge: ({ facts }) =>
      facts.sourceState === 'primary' ? undefined : block({ state: String(facts.sourceState) }),
  },
  {
    name: 'version',
    text: 'postgres.finding.version',
    remedy: 'postgres.finding.version.remedy',
    judge({ spec, facts }) {
      const [source, target] = [facts.sourceVersionNumber, facts.targetVersionNumber]
      const wanted = Number(spec.cluster.split('/')[0])
      if (source === undefined) return undefined
      const differs = major(source) !== wanted || (target !== undefined && major(target) !== major(source))
      return differs
        ? block({ source: major(source), target: target === undefined ? '?' : major(target) })
        : undefined
    },
  },
  {
    name: 'minor-version',
    text: 'postgres.finding.minor-version',
    remedy: 'postgres.finding.minor-version.remedy',
    judge({ facts }) {
      const [source, target] = [facts.sourceVersionNumber, facts.targetVersionNumber]
      if (source === undefined || target === undefined || major(source) !== major(target)) return undefined
      // A standby may be newer than its primary; the other way round is what the manual advises against.
      return target < source
        ? warn({ source: `${facts.sourceVersion}`, target: `${facts.targetVersion}` })
        : undefined
    },
  },
  {
    name: 'superuser',
    text: 'postgres.finding.superuser',
    remedy: 'postgres.finding.superuser.remedy',
    judge: ({ facts }) =>
      facts.sourceAdminIsSuperuser === false || facts.targetAdminIsSuperuser === false ? block() : undefined,
  },
  {
    name: 'tls',
    text: 'postgres.finding.tls',
    remedy: 'postgres.finding.tls.remedy',
    judge: ({ facts }) => (facts.sourceTls === false || facts.targetTls === false ? block() : undefined),
  },
  {
    name: 'wal-level',
    text: 'postgres.finding.wal-level',
    remedy: 'postgres.finding.wal-level.remedy',
    judge: ({ facts }) => (facts.walLevel === 'minimal' ? block({ level: 'minimal' }) : undefined),
  },
  {
    name: 'slots',
    text: 'postgres.finding.slots',
    remedy: 'postgres.finding.slots.remedy',
    judge({ spec, facts }) {
      const total = facts.replicationSlots
      const slots = facts.slots
      if (total === undefined || slots === undefined) return undefined
      const own = [spec.replication.slot, `${spec.replication.slot}_proof`]
      const needed = own.filter(name => !slots.some(slot => slot.slot_name === name)).length
      const free = total - slots.length
      return free < needed ? block({ free, needed }) : undefined
    },
  },
  {
    name: 'idle-slots',
    text: 'postgres.finding.idle-slots',
    remedy: 'postgres.finding.idle-slots.remedy',
    judge({ spec, facts }) {
      const slots = facts.slots
      const foreign = slots?.filter(
        slot =>
          !slot.active &&
          slot.slot_name !== spec.replication.slot &&
          slot.slot_name !== `${spec.replication.slot}_proof`,
      )
      return listed(
        foreign?.map(slot => slot.slot_name),
        slots => warn({ slots }),
      )
    },
  },
  {
    name: 'lost-slot',
    text: 'postgres.finding.lost-slot',
    remedy: 'postgres.finding.lost-slot.remedy',
    judge({ spec, facts }) {
      const slots = facts.slots
      const own = slots?.filter(
        slot => slot.wal_status === 'lost' && slot.slot_name.startsWith(spec.replication.slot),
      )
      return listed(
        own?.map(slot => slot.slot_name),
        slots => block({ slots }),
      )
    },
  },
  {
    name: 'senders',
    text: 'postgres.finding.senders',
    remedy: 'postgres.finding.senders.remedy',
    judge({ facts }) {
      const free = facts.walSendersFree
      // pg_basebackup takes two: the files, and the log beside them.
      return free !== undefined && free < 2 && facts.targetCopy === ''
        ? block({ free, needed: 2 })
        : undefined
    },
  },
  ...localeRules,
  {
    name: 'tablespaces',
    text: 'postgres.finding.tablespaces',
    remedy: 'postgres.finding.tablespaces.remedy',
    judge: ({ facts }) => listed(facts.tablespaces, tablespaces => block({ tablespaces })),
  },
  {
    name: 'unlogged',
    text: 'postgres.finding.unlogged',
    remedy: 'postgres.finding.unlogged.remedy',
    judge: ({ facts }) => listed(facts.unloggedTables, tables => warn({ tables })),
  },
  {
    name: 'prepared',
    text: 'postgres.finding.prepared',
    remedy: 'postgres.finding.prepared.remedy',
    judge: ({ facts }) => listed(facts.preparedTransactions, gids => warn({ gids })),
  },
  {
    name: 'superuser-sessions',
    text: 'postgres.finding.superuser-sessions',
    remedy: 'postgres.finding.superuser-sessions.remedy',
    judge: ({ facts }) => listed(facts.superuserSessions, roles => warn({ roles })),
  },
  {
    name: 'disk',
    text: 'postgres.finding.disk',
    remedy: 'postgres.finding.disk.remedy',
    judge({ facts }) {
      const [size, free] = [facts.sizeBytes, facts.targetDiskFree]
      if (size === undefined || free === undefined || isCopy(facts)) return undefined
      const needed = size * diskFactor
      return free < needed ? block({ freeMB: megabytes(free), neededMB: megabytes(needed) }) : undefined
    },
  },
  {
    name: 'source-disk',
    text: 'postgres.finding.source-disk',
    remedy: 'postgres.finding.source-disk.remedy',
    judge({ spec, facts }) {
      const free = facts.sourceDiskFree
      const needed = spec.replication.maxSlotWalKeepGB * 2 ** 30
      return free !== undefined && free < needed
        ? warn({ freeMB: megabytes(free), neededMB: megabytes(needed) })
        : undefined
    },
  },
  {
    name: 'foreign-data',
    text: 'postgres.finding.foreign-data',
    remedy: 'postgres.finding.foreign-data.remedy',
    judge: ({ facts }) =>
      isCopy(facts) ? undefined : listed(facts.targetUserDatabases, databases => block({ databases })),
  },
  {
    name: 'databases',
    text: 'postgres.finding.databases',
    remedy: 'postgres.finding.databases.remedy',
    judge({ spec, facts }) {
      const present = facts.databases
      const missing = spec.databases.filter(name => present !== undefined && present[name] === undefined)
      return listed(missing, databases => block({ databases }))
    },
  },
  {
    name: 'other-databases',
    text: 'postgres.finding.other-databases',
    remedy: 'postgres.finding.other-databases.remedy',
    judge({ spec, facts }) {
      const present = Object.keys(facts.databases ?? {})
      const others = present.filter(name => name !== spec.admin.database && !spec.databases.includes(name))
      return listed(
        others.filter(name => name !== 'postgres'),
        databases => warn({ databases }),
      )
    },
  },
  {
    name: 'wal-inspect',
    text: 'postgres.finding.wal-inspect',
    remedy: 'postgres.finding.wal-inspect.remedy',
    judge: ({ spec, facts }) =>
      spec.verify === 'delta' && facts.walInspectAvailable === false ? warn() : undefined,
  },
  {
    name: 'proof-outdated',
    text: 'postgres.finding.proof-outdated',
    remedy: 'postgres.finding.proof-outdated.remedy',
    judge({ facts }) {
      const [proof, copy] = [facts.proofCopy, facts.targetCopy]
      return copy && proof !== copy ? warn({ at: facts.proofAt || '-' }) : undefined
    },
  },
]

/** The target is a copy of this source. */
const isCopy = ({ sourceSystemIdentifier, targetSystemIdentifier }: PostgresFacts): boolean =>
  targetSystemIdentifier !== undefined && targetSystemIdentifier === sourceSystemIdentifier
