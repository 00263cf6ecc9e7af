import type { About, Judgement } from '../kit/kind-parts.ts'
import type { Known } from './facts.ts'
import type { AuthoritySpec } from './spec.ts'

export function findings({ facts, plan }: About<AuthoritySpec, Known>): Judgement[] {
  const lacking = Object.entries(facts.missingTools ?? {}).map(([host, programs]): Judgement => {
    const values = { host, programs: programs.join(', ') }
    return {
      rule: `tools.${host}`,
      level: 'block',
      text: { key: 'authority.finding.tools', values },
      remedy: { key: 'authority.finding.tools.remedy', values },
    }
  })
  const elsewhere = Object.entries(facts.standing ?? {})
    .filter(([, { site }]) => site !== plan.sites.source.id)
    .map(([host]) => host)
    .sort()
  if (elsewhere.length === 0) return lacking
  const values = { hosts: elsewhere.join(', '), source: plan.sites.source.title }
  const moved: Judgement = {
    rule: 'elsewhere',
    level: 'block',
    text: { key: 'authority.finding.elsewhere', values },
    remedy: { key: 'authority.finding.elsewhere.remedy' },
  }
  return [...lacking, moved]
}
