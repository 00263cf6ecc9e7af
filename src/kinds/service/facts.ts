import { z } from 'zod'
import type { ReadIo } from '../../model/io.ts'
import type { SiteSide } from '../../model/plan.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { About, Acting, Measuring } from '../kit/kind-parts.ts'
import { askEdge, patiently } from './ask.ts'
import { stateOf } from './control.ts'
import { pageIsOn } from './edge.ts'
import { askHealth } from './health.ts'
import { isHttpSpec, modelled, type ServiceSpec } from './modelled.ts'
import {
  type HttpSide,
  isBlockedWhenStopped,
  isHttp,
  isManaged,
  type ServiceSide,
  serviceAt,
} from './sides.ts'
import { serviceSpec } from './spec.ts'
import { lookAt } from './units.ts'

const yesOrNo = { unit: '', value: z.boolean() }
/** HTTP status; 0 when nothing answers. */
const status = { unit: '', value: z.number() }
const milliseconds = { unit: 'ms', value: z.number() }
/** How often the service or its reverse proxy had to be asked again. */
const times = { unit: '', value: z.number() }
const said = { unit: '', value: z.string() }
const units = { unit: '', value: z.array(z.string()) }

/**
 * Both sides. What the manager says is absent for a service without one; of HTTP there is nothing for one without a URL, and
 * `healthy` and `healthSaid` for it alone. The names of `alsoStop` that are missing, and those that run or would start after a reboot;
 * `unitsBlocked` counts the service itself.
 */
const facts = {
  'source.installed': yesOrNo,
  'source.running': yesOrNo,
  'source.enabled': yesOrNo,
  'source.unitsMissing': units,
  'source.unitsUp': units,
  'source.unitsBlocked': units,
  'source.healthy': yesOrNo,
  'source.healthSaid': said,
  'source.healthStatus': status,
  'source.healthMilliseconds': milliseconds,
  'source.edgeStatus': status,
  'source.askedAgain': times,
  'source.maintenanceDirectory': yesOrNo,
  'source.maintenanceOn': yesOrNo,
  'target.installed': yesOrNo,
  'target.running': yesOrNo,
  'target.enabled': yesOrNo,
  'target.unitsMissing': units,
  'target.unitsUp': units,
  'target.unitsBlocked': units,
  'target.healthy': yesOrNo,
  'target.healthSaid': said,
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
export type ActingService = Acting<ServiceSpec, ServiceFacts>

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const service = kindOf('service', serviceSpec, facts, modelled)

/** Throws Failure when a host cannot be reached or a secret cannot be read. */
export async function audit(about: AboutService, io: ReadIo): Promise<ServiceFacts> {
  // found out now, not by a probe in the night
  if (isHttpSpec(about.spec))
    for (const reference of Object.values(about.spec.secrets)) await io.secret(reference)
  const [source, target] = await Promise.all([
    // At the target the service need not be there yet: it is waited for once. The reverse proxy must be.
    auditSide(serviceAt(about, 'source'), 3, io),
    auditSide(serviceAt(about, 'target'), 1, io),
  ])
  return { ...source, ...target }
}

/** The facts of one side, without its name before them. */
type SideFacts = {
  [Name in keyof ServiceFacts as Name extends `source.${infer Own}` ? Own : never]: ServiceFacts[Name]
}
const namedFor = (side: SiteSide, found: SideFacts): ServiceFacts =>
  Object.fromEntries(Object.entries(found).map(([name, value]) => [`${side}.${name}`, value]))

async function auditSide(at: ServiceSide, times: number, io: ReadIo): Promise<ServiceFacts> {
  const [manager, asked] = await Promise.all([
    auditManager(at, io),
    isHttp(at) ? auditHttp(at, times, io) : auditPlain(at, io),
  ])
  return namedFor(at.side, { ...manager, ...asked })
}

async function auditManager(at: ServiceSide, io: ReadIo): Promise<SideFacts> {
  if (!isManaged(at)) return {}
  const { installed, running, enabled } = await stateOf(at, io)
  if (!isBlockedWhenStopped(at)) return { installed, running, enabled }
  const seen = await lookAt(at, io)
  const others = seen.filter(([unit]) => unit !== at.unit)
  const names = (list: typeof seen) => list.map(([unit]) => unit)
  return {
    ...{ installed, running, enabled },
    unitsMissing: names(others.filter(([, state]) => !state.installed)),
    unitsUp: names(others.filter(([, state]) => state.running || state.enabled)),
    unitsBlocked: names(seen.filter(([, state]) => state.block !== 'none')),
  }
}

async function auditPlain(at: ServiceSide, io: ReadIo): Promise<SideFacts> {
  const { healthy, said } = await askHealth(at, io)
  return { healthy, healthSaid: said }
}

async function auditHttp(at: HttpSide, times: number, io: ReadIo): Promise<SideFacts> {
  const [health, edge, directory, page] = await Promise.all([
    patiently(() => askHealth(at, io), io, times),
    patiently(() => askEdge(at, io), io, 3),
    directoryIsThere(at, io),
    pageIsOn(at, io),
  ])
  return {
    healthStatus: health.status ?? 0,
    healthMilliseconds: Math.round(health.milliseconds),
    edgeStatus: edge.status ?? 0,
    askedAgain: health.again + edge.again,
    maintenanceDirectory: directory,
    maintenanceOn: page,
  }
}

async function directoryIsThere(at: HttpSide, io: ReadIo): Promise<boolean> {
  const { file } = at.spec.maintenance
  const directory = file.slice(0, Math.max(1, file.lastIndexOf('/')))
  const result = await io.read(at.edgeHost.ssh, ['test', '-d', directory], { allowFailure: true })
  return result.exitCode === 0
}
