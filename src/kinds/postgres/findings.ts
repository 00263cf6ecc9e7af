import type { Facts, Finding } from '../../model/fact.ts'
import type { Component } from '../../model/plan.ts'
import { composed } from '../../model/text.ts'
import { type Known, rules } from './finding-rules.ts'
import type { PostgresSpec } from './spec.ts'

/** Each rule once: broken, with its figures and what to do; or, when none is, one word that all is well. */
export function findingsOf(component: Component, spec: PostgresSpec, facts: Facts): Finding[] {
  const known: Known = { spec, value: <T>(name: string) => facts[name]?.value as T | undefined }
  const broken = rules.flatMap(({ name, judge }): Finding[] => {
    const verdict = judge(known)
    if (verdict === undefined) return []
    const values = { component: component.id, ...verdict.values }
    return [
      {
        id: `${component.id}.${name}`,
        component: component.id,
        level: verdict.level,
        text: { key: composed(`postgres.finding.${name}`), values },
        remedy: { key: composed(`postgres.finding.${name}.remedy`), values },
      },
    ]
  })
  if (broken.length > 0) return broken
  const values = { component: component.id, version: String(facts.sourceVersion?.value ?? '?') }
  return [
    {
      id: `${component.id}.ready`,
      component: component.id,
      level: 'ok',
      text: { key: 'postgres.finding.ready', values },
    },
  ]
}
