import { z } from 'zod'
import { kindOf } from '../kit/define-kind.ts'
import type { About, Measuring } from '../kit/kind-parts.ts'
import { type ServiceSpec, serviceSpec } from './spec.ts'

const yesOrNo = { unit: '', value: z.boolean() }
/** HTTP status; 0 when nothing answers. */
const status = { unit: '', value: z.number() }
const milliseconds = { unit: 'ms', value: z.number() }
/** How often the service or its reverse proxy had to be asked again. */
const times = { unit: '', value: z.number() }

/** Both sides. What the manager says is absent for a service without one. */
const facts = {
  'source.installed': yesOrNo,
  'source.running': yesOrNo,
  'source.enabled': yesOrNo,
  'source.healthStatus': status,
  'source.healthMilliseconds': milliseconds,
  'source.edgeStatus': status,
  'source.askedAgain': times,
  'source.maintenanceDirectory': yesOrNo,
  'source.maintenanceOn': yesOrNo,
  'target.installed': yesOrNo,
  'target.running': yesOrNo,
  'target.enabled': yesOrNo,
  'target.healthStatus': status,
  'target.healthMilliseconds': milliseconds,
  'target.edgeStatus': status,
  'target.askedAgain': times,
  'target.maintenanceDirectory': yesOrNo,
  'target.maintenanceOn': yesOrNo,
} as const

export type ServiceFacts = { [Name in keyof typeof facts]?: z.infer<(typeof facts)[Name]['value']> }
export type AboutService = About<ServiceSpec, ServiceFacts>
export type MeasuringService = Measuring<ServiceSpec, ServiceFacts>

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const service = kindOf('service', serviceSpec, facts)
