import type { KeysOf, Sentences } from '../../model/text.ts'
import { lowerTtl, restoreTtl } from './actions/lower-ttl.ts'
import { dryRun, switchNames } from './actions/switch.ts'
import { waitOldTtl } from './actions/wait-old-ttl.ts'
import { waitResolvers } from './actions/wait-resolvers.ts'
import { discover } from './discover.ts'
import { audit, dns } from './facts.ts'
import { findings } from './findings.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { providerOf } from './providers/index.ts'
import { remarks } from './remarks.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** The public names of the estate: they lead users to the source, then, all at once, to the target. */
export const kind = dns.defineKind({
  messages,
  unproven({ spec }) {
    const { unproven } = providerOf(spec)
    return unproven === undefined ? [] : [unproven]
  },
  suggests: { lowTtlSeconds: [60, 300, 600] },
  remarks,
  discover,
  audit,
  findings,
  plan: ({ spec }) => ({
    preparation: [lowerTtl, waitOldTtl],
    rehearsal: [dryRun],
    live: spec.resolvers.length > 0 ? [switchNames, waitResolvers] : [switchNames],
    close: [restoreTtl],
  }),
  actions: [lowerTtl, waitOldTtl, switchNames, waitResolvers, restoreTtl, dryRun],
  figures,
  returnPath: 'none',
  losesWithout: 'nothing',
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
