import type { Kind } from '../../model/kind.ts'
import { dryRun } from './actions/dry-run.ts'
import { lowerTtl } from './actions/lower-ttl.ts'
import { restoreTtl } from './actions/restore-ttl.ts'
import { switchNames } from './actions/switch.ts'
import { waitOldTtl } from './actions/wait-old-ttl.ts'
import { waitResolvers } from './actions/wait-resolvers.ts'
import { auditDns } from './audit.ts'
import { dnsFindings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { planDns } from './plan.ts'
import { dnsSpec } from './spec.ts'

/** The public names of the estate: they lead users to the source, then, all at once, to the target. */
export const kind: Kind = {
  kind: 'dns',
  spec: dnsSpec,
  messages,
  audit: auditDns,
  findings: dnsFindings,
  plan: planDns,
  actions: { lowerTtl, waitOldTtl, switchNames, waitResolvers, restoreTtl, dryRun },
  measures,
}
