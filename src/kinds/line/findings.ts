import type { Facts, Finding, FindingLevel } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { composed } from '../../model/text.ts'
import { lineOf } from './at.ts'

type Judgement = { name: string; level: FindingLevel; values?: Record<string, string | number> }

/** Whether the site has a second way when the first is lost. */
export function findings(component: Component, facts: Facts, { plan }: PlanContext): Finding[] {
  const { spec, source, target } = lineOf(component, plan)
  const common = {
    source: source.ssh,
    target: target.ssh,
    main: spec.main.probe.address,
    backup: spec.backup.interface,
    address: spec.backup.address,
    mbps: spec.backup.declaredMbps,
    cap: spec.backup.capMbps,
  }
  const judgements = judge(facts, spec.backup.interface)
  if (judgements.length === 0) judgements.push({ name: 'both-there', level: 'ok' })
  return judgements.map(({ name, level, values = {} }) => ({
    id: `${component.id}.${name}`,
    component: component.id,
    level,
    text: { key: composed(`line.finding.${name}`), values: { ...common, ...values } },
    ...(level !== 'ok' && {
      remedy: { key: composed(`line.finding.${name}.remedy`), values: { ...common, ...values } },
    }),
  }))
}

function judge(facts: Facts, backup: string): Judgement[] {
  const judgements: Judgement[] = []
  const add = (level: FindingLevel, name: string, values: Judgement['values'] = {}) =>
    judgements.push({ name, level, values })
  const missing = list(facts, 'missing')
  if (missing.length > 0) {
    add('block', 'missing', { programs: missing.join(', ') })
    return judgements
  }
  for (const name of list(facts, 'interfacesMissing')) add('block', 'no-interface', { name })
  for (const name of list(facts, 'withoutCarrier')) add('warn', 'no-carrier', { name })
  if (facts.ingressTaken?.value === true) add('block', 'ingress-taken')
  if (facts.mainAnswers?.value === false) add('warn', 'main-silent')
  if (facts.backupAddressThere?.value === false) add('warn', 'no-address')
  else if (facts.backupAnswers?.value === false) add('warn', 'backup-silent')
  const leaves = facts.answersLeaveBy?.value
  if (typeof leaves === 'string' && leaves !== backup) add('warn', 'answers-elsewhere', { leaves })
  return judgements
}

const list = (facts: Facts, name: string): string[] => (facts[name]?.value ?? []) as string[]
