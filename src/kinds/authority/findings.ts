import type { Facts, Finding } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'

export function authorityFindings(component: Component, facts: Facts, { plan }: PlanContext): Finding[] {
  const missing = (facts.missingTools?.value ?? {}) as Record<string, string[]>
  const standing = (facts.standing?.value ?? {}) as Record<string, { site: string }>
  const lacking = Object.entries(missing).map(([host, programs]): Finding => {
    const values = { host, programs: programs.join(', ') }
    return {
      id: `${component.id}.tools.${host}`,
      component: component.id,
      level: 'block',
      text: { key: 'authority.finding.tools', values },
      remedy: { key: 'authority.finding.tools.remedy', values },
    }
  })
  const elsewhere = Object.entries(standing)
    .filter(([, { site }]) => site !== plan.sites.source.id)
    .map(([host]) => host)
    .sort()
  if (elsewhere.length === 0) return lacking
  const values = { hosts: elsewhere.join(', '), source: plan.sites.source.title }
  const moved: Finding = {
    id: `${component.id}.elsewhere`,
    component: component.id,
    level: 'block',
    text: { key: 'authority.finding.elsewhere', values },
    remedy: { key: 'authority.finding.elsewhere.remedy' },
  }
  return [...lacking, moved]
}
