import { dryRun } from './actions/dry-run.ts'
import { forward } from './actions/forward.ts'
import { audit } from './audit.ts'
import { forwarder } from './facts.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'

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
  measures,
})
