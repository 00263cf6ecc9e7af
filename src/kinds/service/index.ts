import type { Kind } from '../../model/kind.ts'
import { maintenanceOff, maintenanceOn } from './actions/maintenance.ts'
import { awaitHealthy, start, stop } from './actions/running.ts'
import { auditService } from './audit.ts'
import { serviceFindings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { planService } from './plan.ts'
import { serviceSpec } from './spec.ts'

/** A service that people reach by HTTP, with a maintenance page in front of it. */
export const kind: Kind = {
  kind: 'service',
  spec: serviceSpec,
  messages,
  audit: auditService,
  findings: serviceFindings,
  plan: planService,
  actions: { maintenanceOn, stop, start, await: awaitHealthy, maintenanceOff },
  measures,
}
