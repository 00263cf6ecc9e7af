import type { Judgement } from '../../kit/kind-parts.ts'
import { block, gibibyte, listed, megabytes, type Rule, warn } from '../finding-rule.ts'
import { judgedBy, major } from '../findings.ts'
import { besideRules } from '../findings-beside.ts'
import { certificateRules } from '../findings-certificate.ts'
import { servingRules } from '../findings-settings.ts'
import { sharedRules } from '../findings-shared.ts'
import { type AboutComponent, clusterOf } from '../sides.ts'
import type { DumpSpec } from '../spec-dump.ts'
import { ownDatabase } from './place.ts'

/** Compressed, of what the tables take: an assumption, of data that hardly compresses. */
const compressedTo = 0.7
/** Of the restored databases' size: what is written beside them meanwhile. */
const restoredTo = 1.2

/** Of a copy of files. Rows are written anew: indexes are built, and what is not logged is carried, too. */
const ofFilesOnly = [
  'target-down',
  'unlogged',
  'unlogged-sequences',
  'unlogged-in-use',
  'glibc',
  'icu',
  'collation-mismatch',
]

const movedOf = ({ facts }: { facts: { databases?: Record<string, number> | undefined } }): string[] =>
  Object.keys(facts.databases ?? {}).filter(name => name !== ownDatabase)

export const dumpRules: readonly Rule<DumpSpec>[] = [
  sharedRules.sourceDown,
  {
    name: 'dump-target-down',
    text: 'postgres.finding.dump-target-down',
    remedy: 'postgres.finding.dump-target-down.remedy',
    judge: ({ facts, hosts }) =>
      facts.targetState === undefined || facts.targetState === 'primary'
        ? undefined
        : block({ host: hosts.target, state: facts.targetState }),
  },
  {
    name: 'dump-version',
    text: 'postgres.finding.dump-version',
    remedy: 'postgres.finding.dump-version.remedy',
    judge({ spec, facts }) {
      const [source, target] = [facts.sourceVersionNumber, facts.targetVersionNumber]
      if (source === undefined || target === undefined) return undefined
      const [from, to] = [major(source), major(target)]
      const isAsPlanned =
        from === Number.parseInt(clusterOf(spec, 'source'), 10) &&
        to === Number.parseInt(clusterOf(spec, 'target'), 10)
      return isAsPlanned && to >= from ? undefined : block({ source: from, target: to })
    },
  },
  {
    name: 'dump-program',
    text: 'postgres.finding.dump-program',
    remedy: 'postgres.finding.dump-program.remedy',
    judge: ({ facts, hosts }) => (facts.dumpVersion === '' ? block({ host: hosts.target }) : undefined),
  },
  {
    name: 'dump-compression',
    text: 'postgres.finding.dump-compression',
    remedy: 'postgres.finding.dump-compression.remedy',
    judge({ spec, hosts }) {
      const { compression } = spec.dump
      const isOld = Number.parseInt(clusterOf(spec, 'target'), 10) < 16
      return isOld && (compression === 'zstd' || compression === 'lz4')
        ? block({ compression, host: hosts.target })
        : undefined
    },
  },
  sharedRules.superuser,
  sharedRules.tls,
  ...certificateRules,
  ...servingRules,
  ...besideRules.filter(({ name }) => !ofFilesOnly.includes(name)),
  sharedRules.tablespaces,
  sharedRules.prepared,
  sharedRules.superuserSessions,
  sharedRules.databases,
  {
    name: 'dump-other-databases',
    text: 'postgres.finding.dump-other-databases',
    remedy: 'postgres.finding.other-databases.remedy',
    judge: ({ spec, facts }) =>
      listed(
        movedOf({ facts }).filter(name => !spec.databases.includes(name)),
        databases => warn({ databases }),
      ),
  },
  {
    name: 'dump-held-back',
    text: 'postgres.finding.dump-held-back',
    remedy: 'postgres.finding.dump-held-back.remedy',
    judge: ({ facts }) => listed(facts.heldBack, database => block({ database })),
  },
  {
    name: 'dump-unmoved',
    text: 'postgres.finding.dump-unmoved',
    remedy: 'postgres.finding.dump-unmoved.remedy',
    judge: ({ facts }) => listed(facts.unmoved, databases => block({ databases })),
  },
  {
    name: 'dump-databases-there',
    text: 'postgres.finding.dump-databases-there',
    remedy: 'postgres.finding.dump-databases-there.remedy',
    judge: ({ facts, hosts }) =>
      listed(
        movedOf({ facts }).filter(name => facts.targetDatabases?.includes(name)),
        databases => block({ databases, host: hosts.target }),
      ),
  },
  {
    name: 'dump-roles-there',
    text: 'postgres.finding.dump-roles-there',
    remedy: 'postgres.finding.dump-roles-there.remedy',
    judge: ({ spec, facts, hosts }) =>
      listed(
        facts.sourceRoles?.filter(name => facts.targetRoles?.includes(name) && name !== spec.admin.user),
        roles => block({ roles, host: hosts.target }),
      ),
  },
  {
    name: 'dump-subscriptions',
    text: 'postgres.finding.dump-subscriptions',
    remedy: 'postgres.finding.dump-subscriptions.remedy',
    judge: ({ facts }) => listed(facts.subscriptions, subscriptions => warn({ subscriptions })),
  },
  {
    name: 'dump-room',
    text: 'postgres.finding.dump-room',
    remedy: 'postgres.finding.dump-room.remedy',
    judge({ spec, facts, hosts }) {
      const { sizeBytes, targetDiskFree: free } = facts
      if (sizeBytes === undefined || free === undefined) return undefined
      const dumped = (facts.dumpBytes ?? sizeBytes) * (spec.dump.compression === 'none' ? 1.5 : compressedTo)
      const needed = Math.round(sizeBytes * restoredTo + dumped + gibibyte)
      return free < needed
        ? block({ host: hosts.target, freeMB: megabytes(free), neededMB: megabytes(needed) })
        : undefined
    },
  },
  {
    name: 'dump-hash',
    text: 'postgres.finding.dump-hash',
    remedy: 'postgres.finding.dump-hash.remedy',
    judge: ({ facts }) => (facts.hashesAlike === false ? block() : undefined),
  },
  {
    name: 'dump-no-return-path',
    text: 'postgres.finding.dump-no-return-path',
    remedy: 'postgres.finding.dump-no-return-path.remedy',
    judge: ({ hosts }) => warn({ source: hosts.source, target: hosts.target }),
  },
]

export const dumpFindings = (about: AboutComponent<DumpSpec>): Judgement[] =>
  judgedBy(dumpRules, about, { keepsFiles: true, notCompared: 'postgres.finding.dump-not-compared' })
