import type { Kind } from '../../model/kind.ts'
import { handover } from './actions/handover.ts'
import { auditAuthority } from './audit.ts'
import { authorityFindings } from './findings.ts'
import { messages } from './messages.ts'
import { planAuthority } from './plan.ts'
import { authoritySpec } from './spec.ts'

/** Who has authority over the data, written down at both sites. */
export const kind: Kind = {
  kind: 'authority',
  spec: authoritySpec,
  messages,
  audit: auditAuthority,
  findings: authorityFindings,
  plan: planAuthority,
  actions: { handover },
  measures: {},
}
