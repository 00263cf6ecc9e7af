import type { FindingLevel } from '../../model/fact.ts'
import type { Json } from '../../model/json.ts'
import type { PostgresSpec } from './spec.ts'

type Values = Record<string, string | number>
/** What a rule says when it is broken; undefined: all is well, or nothing is known. */
type Verdict = { level: Exclude<FindingLevel, 'ok'>; values?: Values } | undefined
export type Known = { spec: PostgresSpec; value: <T = Json>(name: string) => T | undefined }
type Rule = { name: string; judge: (known: Known) => Verdict }

const block = (values: Values = {}): Verdict => ({ level: 'block', values })
const warn = (values: Values = {}): Verdict => ({ level: 'warn', values })
const megabytes = (bytes: number): number => Math.round(bytes / 1e6)
const major = (version: number): number => Math.floor(version / 10_000)
const listed = (values: string[] | undefined, verdict: (list: string) => Verdict): Verdict =>
  values === undefined || values.length === 0 ? undefined : verdict(values.slice(0, 10).join(', '))

/** Room for the copy itself, and for the log that comes in while it is made. */
const diskFactor = 1.1

export const rules: readonly Rule[] = [
  {
    name: 'sourceDown',
    judge: ({ value }) =>
      value('sourceState') === 'primary' ? undefined : block({ state: String(value('sourceState')) }),
  },
  {
    name: 'version',
    judge({ spec, value }) {
      const [source, target] = [value<number>('sourceVersionNumber'), value<number>('targetVersionNumber')]
      const wanted = Number(spec.cluster.split('/')[0])
      if (source === undefined) return undefined
      const differs = major(source) !== wanted || (target !== undefined && major(target) !== major(source))
      return differs
        ? block({ source: major(source), target: target === undefined ? '?' : major(target) })
        : undefined
    },
  },
  {
    name: 'minorVersion',
    judge({ value }) {
      const [source, target] = [value<number>('sourceVersionNumber'), value<number>('targetVersionNumber')]
      if (source === undefined || target === undefined || major(source) !== major(target)) return undefined
      // A standby may be newer than its primary; the other way round is what the manual advises against.
      return target < source
        ? warn({ source: `${value('sourceVersion')}`, target: `${value('targetVersion')}` })
        : undefined
    },
  },
  {
    name: 'superuser',
    judge: ({ value }) =>
      value('sourceAdminIsSuperuser') === false || value('targetAdminIsSuperuser') === false
        ? block()
        : undefined,
  },
  {
    name: 'tls',
    judge: ({ value }) =>
      value('sourceTls') === false || value('targetTls') === false ? block() : undefined,
  },
  {
    name: 'walLevel',
    judge: ({ value }) => (value('walLevel') === 'minimal' ? block({ level: 'minimal' }) : undefined),
  },
  {
    name: 'slots',
    judge({ spec, value }) {
      const total = value<number>('replicationSlots')
      const slots = value<{ slot_name: string }[]>('slots')
      if (total === undefined || slots === undefined) return undefined
      const own = [spec.replication.slot, `${spec.replication.slot}_proof`]
      const needed = own.filter(name => !slots.some(slot => slot.slot_name === name)).length
      const free = total - slots.length
      return free < needed ? block({ free, needed }) : undefined
    },
  },
  {
    name: 'idleSlots',
    judge({ spec, value }) {
      const slots = value<{ slot_name: string; active: boolean }[]>('slots')
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
    name: 'lostSlot',
    judge({ spec, value }) {
      const slots = value<{ slot_name: string; wal_status: string }[]>('slots')
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
    judge({ value }) {
      const free = value<number>('walSendersFree')
      // pg_basebackup takes two: the files, and the log beside them.
      return free !== undefined && free < 2 && value('targetCopy') === ''
        ? block({ free, needed: 2 })
        : undefined
    },
  },
  {
    name: 'glibc',
    judge({ value }) {
      const [source, target] = [value<string>('sourceGlibc'), value<string>('targetGlibc')]
      const locales = Object.values(
        value<Record<string, { collate: string; provider: string }>>('collations') ?? {},
      )
      const sortsByLibc = locales.some(
        ({ collate, provider }) => provider === 'c' && !/^(C|POSIX)(\.|$)/.test(collate),
      )
      if (source === undefined || target === undefined || source === target) return undefined
      return sortsByLibc ? block({ source, target }) : warn({ source, target })
    },
  },
  {
    name: 'icu',
    judge({ value }) {
      const [source, target] = [value<string>('sourceIcu'), value<string>('targetIcu')]
      if (!source || !target || source === target) return undefined
      const locales = Object.values(value<Record<string, { provider: string }>>('collations') ?? {})
      return locales.some(({ provider }) => provider === 'i')
        ? block({ source, target })
        : warn({ source, target })
    },
  },
  {
    name: 'collationMismatch',
    judge: ({ value }) => listed(value<string[]>('collationMismatches'), collations => warn({ collations })),
  },
  {
    name: 'locale',
    judge({ value }) {
      const have = value<string[]>('targetLocales')?.map(spelling)
      const databases = Object.values(
        value<Record<string, { collate: string; provider: string }>>('collations') ?? {},
      )
      const wanted = databases.filter(({ provider }) => provider === 'c').map(({ collate }) => collate)
      if (have === undefined) return undefined
      const missing = wanted.filter(name => !/^(C|POSIX)$/.test(name) && !have.includes(spelling(name)))
      return listed([...new Set(missing)], locales => block({ locales }))
    },
  },
  {
    name: 'tablespaces',
    judge: ({ value }) => listed(value<string[]>('tablespaces'), tablespaces => block({ tablespaces })),
  },
  {
    name: 'unlogged',
    judge: ({ value }) => listed(value<string[]>('unloggedTables'), tables => warn({ tables })),
  },
  {
    name: 'prepared',
    judge: ({ value }) => listed(value<string[]>('preparedTransactions'), gids => warn({ gids })),
  },
  {
    name: 'superuserSessions',
    judge: ({ value }) => listed(value<string[]>('superuserSessions'), roles => warn({ roles })),
  },
  {
    name: 'disk',
    judge({ value }) {
      const [size, free] = [value<number>('sizeBytes'), value<number>('targetDiskFree')]
      if (size === undefined || free === undefined || isCopy(value)) return undefined
      const needed = size * diskFactor
      return free < needed ? block({ freeMB: megabytes(free), neededMB: megabytes(needed) }) : undefined
    },
  },
  {
    name: 'sourceDisk',
    judge({ spec, value }) {
      const free = value<number>('sourceDiskFree')
      const needed = spec.replication.maxSlotWalKeepGB * 2 ** 30
      return free !== undefined && free < needed
        ? warn({ freeMB: megabytes(free), neededMB: megabytes(needed) })
        : undefined
    },
  },
  {
    name: 'foreignData',
    judge: ({ value }) =>
      isCopy(value)
        ? undefined
        : listed(value<string[]>('targetUserDatabases'), databases => block({ databases })),
  },
  {
    name: 'databases',
    judge({ spec, value }) {
      const present = value<Record<string, number>>('databases')
      const missing = spec.databases.filter(name => present !== undefined && present[name] === undefined)
      return listed(missing, databases => block({ databases }))
    },
  },
  {
    name: 'otherDatabases',
    judge({ spec, value }) {
      const present = Object.keys(value<Record<string, number>>('databases') ?? {})
      const others = present.filter(name => name !== spec.admin.database && !spec.databases.includes(name))
      return listed(
        others.filter(name => name !== 'postgres'),
        databases => warn({ databases }),
      )
    },
  },
  {
    name: 'walInspect',
    judge: ({ spec, value }) =>
      spec.verify === 'delta' && value('walInspectAvailable') === false ? warn() : undefined,
  },
  {
    name: 'proofOutdated',
    judge({ value }) {
      const [proof, copy] = [value<string>('proofCopy'), value<string>('targetCopy')]
      return copy && proof !== copy ? warn({ at: value<string>('proofAt') || '-' }) : undefined
    },
  },
]

const spelling = (locale: string): string => locale.toLowerCase().replaceAll('-', '')
const isCopy = (value: Known['value']): boolean => {
  const identifier = value<string>('targetSystemIdentifier')
  return identifier !== undefined && identifier === value<string>('sourceSystemIdentifier')
}
