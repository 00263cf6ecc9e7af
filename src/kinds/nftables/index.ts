import type { Kind } from '../../model/kind.ts'
import { load } from './actions/load.ts'
import { persist } from './actions/persist.ts'
import { prove } from './actions/prove.ts'
import { vlans } from './actions/vlans.ts'
import { auditFirewall } from './audit.ts'
import { firewallFindings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { planFirewall } from './plan.ts'
import { nftablesSpec } from './spec.ts'

/** The firewalls of both sites: the target's is made as declared, and what passes either is measured. */
export const kind: Kind = {
  kind: 'nftables',
  spec: nftablesSpec,
  messages,
  audit: auditFirewall,
  findings: firewallFindings,
  plan: planFirewall,
  actions: { vlans, load, persist, prove },
  measures,
}
