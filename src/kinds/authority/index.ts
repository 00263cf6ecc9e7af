import type { FigureForms } from '../../model/figure.ts'
import type { KeysOf, Sentences } from '../../model/text.ts'
import type { About, Judgement } from '../kit/kind-parts.ts'
import { handover } from './actions/handover.ts'
import { authorityRole } from './claim.ts'
import { audit, authority, type Known } from './facts.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import type { AuthoritySpec } from './spec.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

const figures: FigureForms = {
  site: { label: 'authority.figure.site' },
  fencingNumber: { label: 'authority.figure.fencingNumber' },
}

/** Who has authority over the data, written down at both sites. */
export const kind = authority.defineKind({
  messages,
  provides: { authority: authorityRole },
  audit,
  findings,
  /** Only the real night passes authority: a rehearsal leaves it where it is. */
  plan: () => ({ preparation: [], rehearsal: [], live: [handover], close: [] }),
  actions: [handover],
  figures,
  measures: {},
})

function findings({ facts, plan }: About<AuthoritySpec, Known>): Judgement[] {
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
