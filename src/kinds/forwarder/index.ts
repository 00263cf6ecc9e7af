import type { KeysOf, Sentences } from '../../model/text.ts'
import { dryRun, forward } from './actions/forward.ts'
import { audit, forwarder } from './facts.ts'
import { findings } from './findings.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** The old public addresses after the switch: clients that still use them are forwarded to the new ones, and counted. */
export const kind = forwarder.defineKind({
  messages,
  provides: {
    forwards: ({ spec }) => spec.forward.map(({ protocol, port, from }) => ({ protocol, port, from })),
  },
  audit,
  findings,
  // Forwarding goes on after the monitoring period: a decommissioning ends it, when no client comes any more.
  plan: () => ({ preparation: [], rehearsal: [dryRun], live: [forward], close: [] }),
  actions: [dryRun, forward],
  figures,
  measures,
})
