import type { KeysOf, Sentences } from '../../model/text.ts'
import { audit, link } from './facts.ts'
import { findings } from './findings.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** The link between the sites: measured, never changed. */
export const kind = link.defineKind({
  messages,
  provides: {
    linkRate: ({ spec: { declaredMbps }, facts: { bandwidthMbps } }) =>
      bandwidthMbps ? { mbps: bandwidthMbps, from: 'measured' } : { mbps: declaredMbps, from: 'declared' },
  },
  audit,
  findings,
  plan: () => ({ preparation: [], rehearsal: [], live: [], close: [] }),
  actions: [],
  figures,
  measures,
})
