import type { SiteSide } from '../../model/plan.ts'
import { isSynchronous } from './commits.ts'
import {
  afterCopy,
  type Configured,
  type FileSetting,
  ownSettings,
  preloadNames,
  preloadSettings,
  valueIn,
  winning,
} from './file-settings.ts'
import {
  block,
  isCopy,
  type Known,
  listed,
  type Rule,
  type SharedRule,
  type Verdict,
  warn,
} from './finding-rule.ts'
import { settingsOfBoth } from './settings.ts'
import type { CommonSpec, StreamingSpec } from './spec.ts'

/** The files of both sides as they will serve: the source's now, the target's once it is the copy. Undefined: one is down. */
function serving({ facts, keepsFiles }: Known<CommonSpec>) {
  const files = configured({ facts })
  if (files === undefined) return undefined
  return { source: ownSettings(files.source), target: afterCopy(files.source, files.target, keepsFiles) }
}

function configured({
  facts,
}: Pick<Known<CommonSpec>, 'facts'>): { source: Configured; target: Configured } | undefined {
  const { sourceFileSettings, sourceIncludeLine, targetFileSettings, targetIncludeLine } = facts
  if (sourceFileSettings === undefined || targetFileSettings === undefined) return undefined
  return {
    source: { settings: sourceFileSettings, includeLine: sourceIncludeLine ?? 0 },
    target: { settings: targetFileSettings, includeLine: targetIncludeLine ?? 0 },
  }
}

const isOff = (value: string | undefined): boolean => /^(off|false|no|0)$/i.test(value ?? '')
const places = ({ file, line }: FileSetting): string => `${file.split('/').at(-1)}:${line}`

/** Settings that are off at one side or the other: `fsync (m-db)`. */
function switchedOff(
  known: Known<CommonSpec>,
  names: readonly string[],
  verdict: (values: string) => Verdict,
): Verdict {
  const files = serving(known)
  if (files === undefined) return undefined
  const off = (['source', 'target'] as const).flatMap(side =>
    names.filter(name => isOff(valueIn(files[side], name))).map(name => `${name} (${known.hosts[side]})`),
  )
  return listed(off, verdict)
}

/** What makes a standby follow, as Bascule writes it: read from elsewhere, it would follow somebody else, or stop half-way. */
const isMisleading = ({ name, value }: FileSetting): boolean => {
  if (name === 'hot_standby') return isOff(value)
  if (name === 'recovery_target_timeline') return value !== 'latest'
  return (
    /^(primary_conninfo|primary_slot_name|recovery_target(_lsn|_name|_time|_xid)?)$/.test(name) &&
    value !== ''
  )
}

/**
 * It would decide for whom commits at the target wait. Of the source's files the copy brings this one: the standby that it names does not
 * follow the target, so that every commit there would wait for ever.
 */
const winsOverCommits = (
  { name, value, file }: FileSetting,
  side: SiteSide,
  spec: StreamingSpec,
): boolean => {
  if (name !== 'synchronous_standby_names') return false
  if (side === 'source')
    return file.endsWith('/postgresql.auto.conf') && (isSynchronous(spec) || value !== '')
  return isSynchronous(spec)
}

/** A different value lets statements mean or print something else. */
const meaningful = [
  ...['timezone', 'datestyle', 'intervalstyle', 'search_path', 'standard_conforming_strings'],
  'default_transaction_isolation',
]
const durability = ['fsync', 'full_page_writes', 'synchronous_commit']
/** Of a site itself, or written by Bascule, or judged by another rule. */
const isOfSite = (name: string): boolean =>
  /^(bascule\.|log_|ssl|unix_socket|primary_|recovery_|hot_standby|max_slot_wal_keep_size$)/.test(name) ||
  [
    ...['listen_addresses', 'port', 'data_directory', 'hba_file', 'ident_file', 'external_pid_file'],
    ...[
      'cluster_name',
      'stats_temp_directory',
      'logging_collector',
      'lc_messages',
      'wal_level',
      'wal_log_hints',
    ],
    ...['wal_keep_size', 'wal_retrieve_retry_interval', ...durability, ...meaningful, ...preloadSettings],
    ...settingsOfBoth,
  ].includes(name)

function different(known: Known<CommonSpec>, isMeant: (name: string) => boolean): string[] | undefined {
  const files = serving(known)
  if (files === undefined) return undefined
  const names = new Set([...files.source, ...files.target].map(({ name }) => name).filter(isMeant))
  return [...names].sort().flatMap(name => {
    const [source, target] = [valueIn(files.source, name), valueIn(files.target, name)]
    return source === target ? [] : [`${name} (${source ?? '–'} → ${target ?? '–'})`]
  })
}

/** postgresql.conf and what it includes, which no copy brings along. */
export const settingsRules: readonly Rule[] = [
  {
    name: 'conf-directory',
    text: 'postgres.finding.conf-directory',
    remedy: 'postgres.finding.conf-directory.remedy',
    judge: ({ facts, hosts }) =>
      listed(
        [
          ...(facts.sourceIncludeLine === 0 ? [hosts.source] : []),
          ...(facts.targetIncludeLine === 0 ? [hosts.target] : []),
        ],
        places => block({ hosts: places }),
      ),
  },
  {
    name: 'standby-settings',
    text: 'postgres.finding.standby-settings',
    remedy: 'postgres.finding.standby-settings.remedy',
    judge: known => listed(tooSmall(known), settings => block({ settings })),
  },
  {
    name: 'overridden',
    text: 'postgres.finding.overridden',
    remedy: 'postgres.finding.overridden.remedy',
    judge(known) {
      const files = configured(known)
      if (files === undefined) return undefined
      const found = (['source', 'target'] as const).flatMap(side =>
        // The target's own postgresql.auto.conf goes away with its data directory.
        (side === 'target' && !isCopy(known.facts) ? onlyFiles(winning(files[side])) : winning(files[side]))
          .filter(setting => isMisleading(setting) || winsOverCommits(setting, side, known.spec))
          .map(setting => `${setting.name} (${known.hosts[side]}, ${places(setting)})`),
      )
      return listed(found, settings => block({ settings }))
    },
  },
]

/** With what the target serves. */
export const servingRules: readonly SharedRule[] = [
  {
    name: 'durability',
    text: 'postgres.finding.durability',
    remedy: 'postgres.finding.durability.remedy',
    judge: known => switchedOff(known, ['fsync', 'full_page_writes'], settings => block({ settings })),
  },
  {
    name: 'synchronous-commit',
    text: 'postgres.finding.synchronous-commit',
    remedy: 'postgres.finding.synchronous-commit.remedy',
    judge: known => switchedOff(known, ['synchronous_commit'], settings => warn({ settings })),
  },
  {
    name: 'preload',
    text: 'postgres.finding.preload',
    remedy: 'postgres.finding.preload.remedy',
    judge(known) {
      const files = serving(known)
      if (files === undefined) return undefined
      const missing = preloadSettings.flatMap(name => {
        const there = preloadNames(valueIn(files.target, name) ?? '')
        const lost = preloadNames(valueIn(files.source, name) ?? '').filter(one => !there.includes(one))
        return lost.map(library => `${name} = ${library}`)
      })
      return listed(missing, libraries => block({ libraries, host: known.hosts.target }))
    },
  },
  {
    name: 'meaning',
    text: 'postgres.finding.meaning',
    remedy: 'postgres.finding.meaning.remedy',
    judge: known =>
      listed(
        different(known, name => meaningful.includes(name)),
        settings => block({ settings, host: known.hosts.target }),
      ),
  },
  {
    name: 'settings',
    text: 'postgres.finding.settings',
    remedy: 'postgres.finding.settings.remedy',
    judge: known =>
      listed(
        different(known, name => !isOfSite(name)),
        settings => warn({ settings, host: known.hosts.target }),
      ),
  },
]

const onlyFiles = (settings: FileSetting[]): FileSetting[] =>
  settings.filter(({ file }) => !file.endsWith('/postgresql.auto.conf'))

/**
 * Bascule writes the higher of both sides' limits for whoever becomes a standby; what is read after its file may be lower, and such
 * a standby does not start: the target in the preparation, the source in the night.
 */
function tooSmall(known: Known): string[] | undefined {
  const files = configured(known)
  const { sourceLimits, targetLimits } = known.facts
  if (files === undefined || sourceLimits === undefined) return undefined
  const brought = winning(files.source).filter(({ file }) => file.endsWith('/postgresql.auto.conf'))
  const number = (settings: readonly FileSetting[], name: string): number | undefined => {
    const value = valueIn(settings, name)
    return value === undefined ? undefined : Number(value)
  }
  return settingsOfBoth.flatMap(name => {
    const least = sourceLimits[name] ?? 0
    const written = Math.max(least, targetLimits?.[name] ?? 0)
    const atTarget = isCopy(known.facts)
      ? (targetLimits?.[name] ?? written)
      : (number([...onlyFiles(winning(files.target)), ...brought], name) ?? written)
    const atSource = number(winning(files.source), name) ?? atTarget
    const said = (host: string, value: number, needed: number): string =>
      `${name} (${host}: ${value} < ${needed})`
    return [
      ...(atTarget < least && !isCopy(known.facts) ? [said(known.hosts.target, atTarget, least)] : []),
      ...(atSource < atTarget ? [said(known.hosts.source, atSource, atTarget)] : []),
    ]
  })
}
