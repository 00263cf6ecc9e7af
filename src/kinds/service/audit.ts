import type { ReadIo } from '../../model/io.ts'
import { type Answer, askEdge, askHealth, patiently } from './ask.ts'
import { stateOf } from './control.ts'
import { pageIsOn } from './edge.ts'
import type { AboutService, ServiceFacts } from './facts.ts'
import { isManaged, type ServiceSide, serviceAt } from './sides.ts'

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
