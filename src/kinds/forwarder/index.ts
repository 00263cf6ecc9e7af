import type { Kind } from '../../model/kind.ts'
import { dryRun } from './actions/dry-run.ts'
import { forward } from './actions/forward.ts'
import { audit } from './audit.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { planForwarder } from './plan.ts'
import { forwarderSpec } from './spec.ts'

/** The old public addresses after the switch: who still comes there is passed on to the new ones, and counted. */
export const kind: Kind = {
  kind: 'forwarder',
  spec: forwarderSpec,
  messages,
  audit,
  findings,
  plan: (component, _facts, context) => planForwarder(component, context),
  actions: { forward, dryRun },
  measures,
}
