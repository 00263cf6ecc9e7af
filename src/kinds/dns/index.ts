import { dryRun } from './actions/dry-run.ts'
import { lowerTtl } from './actions/lower-ttl.ts'
import { restoreTtl } from './actions/restore-ttl.ts'
import { switchNames } from './actions/switch.ts'
import { waitOldTtl } from './actions/wait-old-ttl.ts'
import { waitResolvers } from './actions/wait-resolvers.ts'
import { audit } from './audit.ts'
import { dns } from './facts.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { providerOf } from './providers/index.ts'

/** The public names of the estate: they lead users to the source, then, all at once, to the target. */
export const kind = dns.defineKind({
  messages,
  unproven({ spec }) {
    const { unproven } = providerOf(spec)
    return unproven === undefined ? [] : [unproven]
  },
  audit,
  findings,
  plan: ({ spec }) => ({
    preparation: [lowerTtl, waitOldTtl],
    rehearsal: [dryRun],
    live: spec.resolvers.length > 0 ? [switchNames, waitResolvers] : [switchNames],
    close: [restoreTtl],
  }),
  actions: [lowerTtl, waitOldTtl, switchNames, waitResolvers, restoreTtl, dryRun],
  measures,
  evidence: {
    dns: {
      figures: ['records', 'atSource', 'atTarget'],
      label: { key: 'dns.evidence.dns' },
      sentence: 'dns.evidence.dns.figures',
      isGood: ({ records, atSource, atTarget }, moved) => records === (moved ? atTarget : atSource),
    },
  },
})
