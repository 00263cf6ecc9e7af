import type { Fact, Facts } from '../../model/fact.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component, SiteSide } from '../../model/plan.ts'
import { type Answer, askEdge, askHealth, patiently } from './ask.ts'
import { stateOf } from './control.ts'
import { flagIsThere } from './edge.ts'
import { isManaged, type ServiceSide, serviceAt } from './sides.ts'
import { parseSpec } from './spec.ts'

export const sideNames = ['source', 'target'] as const

/**
 * Facts by `<side>.<name>`: installed, running, enabled (true or false), healthStatus and edgeStatus (HTTP status, 0
 * when nothing answers), healthMilliseconds, askedAgain (how often one of both had to be asked again), maintenanceDirectory,
 * maintenanceOn. The first three are absent for a service without a manager. Throws Failure when a host cannot be reached
 * or a secret cannot be read.
 */
export async function auditService(component: Component, context: PlanContext, io: ReadIo): Promise<Facts> {
  // found out now, not by a probe in the night
  for (const reference of Object.values(parseSpec(component.spec).secrets ?? {})) await io.secret(reference)
  const sides = await Promise.all(
    sideNames.map(side => auditSide(serviceAt(component, context.plan, side), io)),
  )
  return Object.assign({}, ...sides)
}

async function auditSide(at: ServiceSide, io: ReadIo): Promise<Facts> {
  // At the target the service need not be there yet: it is waited for once. The edge must be.
  const healthTimes = at.side === 'source' ? 3 : 1
  const [state, health, edge, directory, flag] = await Promise.all([
    isManaged(at) ? stateOf(at, io) : undefined,
    patiently(() => askHealth(at, io), io, healthTimes),
    patiently(() => askEdge(at, io), io, 3),
    directoryIsThere(at, io),
    flagIsThere(at, io),
  ])
  const fact = (value: Json, unit = ''): Fact => ({ value, unit, at: io.now() })
  const facts: Facts = {
    ...(state && {
      installed: fact(state.installed),
      running: fact(state.running),
      enabled: fact(state.enabled),
    }),
    healthStatus: fact(statusOf(health)),
    healthMilliseconds: fact(Math.round(health.milliseconds), 'ms'),
    edgeStatus: fact(statusOf(edge)),
    askedAgain: fact(health.again + edge.again),
    maintenanceDirectory: fact(directory),
    maintenanceOn: fact(flag),
  }
  return prefixed(at.side, facts)
}

const statusOf = (answer: Answer) => answer.status ?? 0
const prefixed = (side: SiteSide, facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).map(([name, fact]) => [`${side}.${name}`, fact]))

async function directoryIsThere(at: ServiceSide, io: ReadIo): Promise<boolean> {
  const { file } = at.spec.maintenance
  const directory = file.slice(0, Math.max(1, file.lastIndexOf('/')))
  const result = await io.read(at.edgeHost.ssh, ['test', '-d', directory], { allowFailure: true })
  return result.exitCode === 0
}
