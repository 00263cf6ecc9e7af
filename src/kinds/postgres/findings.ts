import { notCompared } from '../../model/fact.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { Text } from '../../model/text.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { block, isCopy, listed, type Rule, warn } from './finding-rule.ts'
import { besideRules } from './findings-beside.ts'
import { certificateRules } from './findings-certificate.ts'
import { safetyCopyRules } from './findings-safety-copy.ts'
import { servingRules, settingsRules } from './findings-settings.ts'
import { sharedRules } from './findings-shared.ts'
import { walRules } from './findings-wal.ts'
import { type AboutComponent, clusterOf } from './sides.ts'
import type { CommonSpec } from './spec.ts'

/**
 * Each rule once: broken, with its figures and what to do; or, when none is, one word that all is well. In the end what nobody
 * has compared.
 */
export function judgedBy<Spec extends CommonSpec>(
  all: readonly Rule<Spec>[],
  { component, spec, facts, plan }: AboutComponent<Spec>,
  rest: { keepsFiles: boolean; notCompared: Text['key'] },
): Judgement[] {
  const host = (side: SiteSide): string => plan.sites[side].hosts[spec[side].host]?.ssh ?? spec[side].host
  const hosts = { source: host('source'), target: host('target') }
  const [version = '', cluster = ''] = clusterOf(spec, 'target').split('/')
  const broken = all.flatMap(({ name, text, remedy, judge }): Judgement[] => {
    const verdict = judge({ spec, facts, plan, hosts, keepsFiles: rest.keepsFiles })
    if (verdict === undefined) return []
    const values = { component: component.id, version, cluster, ...verdict.values }
    return [
      { rule: name, level: verdict.level, text: { key: text, values }, remedy: { key: remedy, values } },
    ]
  })
  const values = { component: component.id, version: facts.sourceVersion ?? '?' }
  const ready: Judgement = { rule: 'ready', level: 'ok', text: { key: 'postgres.finding.ready', values } }
  const left: Judgement = { rule: notCompared, level: 'ok', text: { key: rest.notCompared, values } }
  return [...(broken.length > 0 ? broken : [ready]), left]
}

export const findingsOf = (about: AboutComponent): Judgement[] =>
  judgedBy(rules, about, {
    keepsFiles: isCopy(about.facts),
    notCompared: 'postgres.finding.not-compared',
  })

export const major = (version: number): number => Math.floor(version / 10_000)

export const rules: readonly Rule[] = [
  sharedRules.sourceDown,
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
  sharedRules.superuser,
  sharedRules.tls,
  ...certificateRules,
  ...walRules,
  ...settingsRules,
  ...servingRules,
  ...besideRules,
  ...safetyCopyRules,
  sharedRules.tablespaces,
  sharedRules.prepared,
  sharedRules.superuserSessions,
  {
    name: 'foreign-data',
    text: 'postgres.finding.foreign-data',
    remedy: 'postgres.finding.foreign-data.remedy',
    judge: ({ facts }) =>
      isCopy(facts) ? undefined : listed(facts.targetUserDatabases, databases => block({ databases })),
  },
  sharedRules.databases,
  sharedRules.otherDatabases,
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
