import { z } from 'zod'
import type { ReadIo } from '../../model/io.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { About, Measuring } from '../kit/kind-parts.ts'
import { type Answer, askEdge, askHealth, patiently } from './ask.ts'
import { stateOf } from './control.ts'
import { pageIsOn } from './edge.ts'
import { isManaged, type ServiceSide, serviceAt } from './sides.ts'
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

/** Throws Failure when a host cannot be reached or a secret cannot be read. */
export async function audit(about: AboutService, io: ReadIo): Promise<ServiceFacts> {
  // found out now, not by a probe in the night
  for (const reference of Object.values(about.spec.secrets ?? {})) await io.secret(reference)
  const [source, target] = await Promise.all([
    // At the target the service need not be there yet: it is waited for once. The reverse proxy must be.
    auditSide(serviceAt(about, 'source'), 3, io),
    auditSide(serviceAt(about, 'target'), 1, io),
  ])
  return {
    ...(source.state && {
      'source.installed': source.state.installed,
      'source.running': source.state.running,
      'source.enabled': source.state.enabled,
    }),
    'source.healthStatus': statusOf(source.health),
    'source.healthMilliseconds': Math.round(source.health.milliseconds),
    'source.edgeStatus': statusOf(source.edge),
    'source.askedAgain': source.health.again + source.edge.again,
    'source.maintenanceDirectory': source.directory,
    'source.maintenanceOn': source.page,
    ...(target.state && {
      'target.installed': target.state.installed,
      'target.running': target.state.running,
      'target.enabled': target.state.enabled,
    }),
    'target.healthStatus': statusOf(target.health),
    'target.healthMilliseconds': Math.round(target.health.milliseconds),
    'target.edgeStatus': statusOf(target.edge),
    'target.askedAgain': target.health.again + target.edge.again,
    'target.maintenanceDirectory': target.directory,
    'target.maintenanceOn': target.page,
  }
}

async function auditSide(at: ServiceSide, healthTimes: number, io: ReadIo) {
  const [state, health, edge, directory, page] = await Promise.all([
    isManaged(at) ? stateOf(at, io) : undefined,
    patiently(() => askHealth(at, io), io, healthTimes),
    patiently(() => askEdge(at, io), io, 3),
    directoryIsThere(at, io),
    pageIsOn(at, io),
  ])
  return { state, health, edge, directory, page }
}

const statusOf = (answer: Answer): number => answer.status ?? 0

async function directoryIsThere(at: ServiceSide, io: ReadIo): Promise<boolean> {
  const { file } = at.spec.maintenance
  const directory = file.slice(0, Math.max(1, file.lastIndexOf('/')))
  const result = await io.read(at.edgeHost.ssh, ['test', '-d', directory], { allowFailure: true })
  return result.exitCode === 0
}
