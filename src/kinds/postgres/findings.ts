import { notCompared } from '../../model/fact.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { block, isCopy, listed, type Rule, warn } from './finding-rule.ts'
import { besideRules } from './findings-beside.ts'
import { certificateRules } from './findings-certificate.ts'
import { safetyCopyRules } from './findings-safety-copy.ts'
import { settingsRules } from './findings-settings.ts'
import { walRules } from './findings-wal.ts'
import type { AboutComponent } from './sides.ts'

/**
 * Each rule once: broken, with its figures and what to do; or, when none is, one word that all is well. In the end what nobody
 * has compared.
 */
export function findingsOf({ component, spec, facts, plan }: AboutComponent): Judgement[] {
  const host = (side: SiteSide): string => plan.sites[side].hosts[spec[side].host]?.ssh ?? spec[side].host
  const hosts = { source: host('source'), target: host('target') }
  const [version = '', cluster = ''] = spec.cluster.split('/')
  const broken = rules.flatMap(({ name, text, remedy, judge }): Judgement[] => {
    const verdict = judge({ spec, facts, plan, hosts })
    if (verdict === undefined) return []
    const values = { component: component.id, version, cluster, ...verdict.values }
    return [
      { rule: name, level: verdict.level, text: { key: text, values }, remedy: { key: remedy, values } },
    ]
  })
  const values = { component: component.id, version: facts.sourceVersion ?? '?' }
  const ready: Judgement = { rule: 'ready', level: 'ok', text: { key: 'postgres.finding.ready', values } }
  const rest: Judgement = {
    rule: notCompared,
    level: 'ok',
    text: { key: 'postgres.finding.not-compared', values },
  }
  return [...(broken.length > 0 ? broken : [ready]), rest]
}

const major = (version: number): number => Math.floor(version / 10_000)

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
  ...certificateRules,
  ...walRules,
  ...settingsRules,
  ...besideRules,
  ...safetyCopyRules,
  {
    name: 'tablespaces',
    text: 'postgres.finding.tablespaces',
    remedy: 'postgres.finding.tablespaces.remedy',
    judge: ({ facts }) => listed(facts.tablespaces, tablespaces => block({ tablespaces })),
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
