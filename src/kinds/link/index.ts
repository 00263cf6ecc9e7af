import { audit } from './audit.ts'
import { link } from './facts.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'

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
  measures,
})
