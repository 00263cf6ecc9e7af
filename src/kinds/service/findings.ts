import type { Facts, Finding, FindingLevel } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { composed } from '../../model/text.ts'
import { sideNames } from './audit.ts'
import { logCommand } from './control.ts'
import { isManaged, type ManagedSide, type ServiceSide, serviceAt } from './sides.ts'

/** Findings whose remedy is a command of the manager. */
const byManager = new Set(['source-unhealthy', 'target-running'])

type Values = Record<string, string | number>

export function serviceFindings(component: Component, facts: Facts, context: PlanContext): Finding[] {
  const source = serviceAt(component, context.plan, 'source')
  const target = serviceAt(component, context.plan, 'target')
  const value = (name: string) => facts[name]?.value
  const found: Finding[] = []
  const find = (id: string, level: FindingLevel, at: ServiceSide, more: Values = {}) => {
    const values = { ...valuesOf(at), ...more }
    const finding: Finding = {
      id,
      component: component.id,
      level,
      text: { key: composed(`service.finding.${id}`), values },
    }
    // Where a remedy names the manager's commands, one without a manager has its own.
    const own = isManaged(at) || !byManager.has(id) ? '' : '.machine'
    if (level !== 'ok') finding.remedy = { key: composed(`service.finding.${id}.remedy${own}`), values }
    found.push(finding)
  }
  if (Object.keys(facts).length > 0) {
    if (value('source.healthStatus') === source.spec.health.status) {
      const milliseconds = Number(value('source.healthMilliseconds'))
      find('source-healthy', 'ok', source, { milliseconds })
    } else find('source-unhealthy', 'block', source, { status: Number(value('source.healthStatus')) })
    if (isManaged(source) && !value('source.installed')) find('source-missing', 'block', source)
    else if (isManaged(source) && !value('source.enabled')) find('source-disabled', 'warn', source)
    const again = Number(value('source.askedAgain') ?? 0)
    const bothAnswered = value('source.healthStatus') !== 0 && value('source.edgeStatus') !== 0
    if (again > 0 && bothAnswered) find('source-late', 'warn', source, { again })
    if (value('source.maintenanceOn')) find('source-closed', 'warn', source)
    if (value('source.edgeStatus') === 0) find('edge-silent', 'block', source)
    if (isManaged(target) && !value('target.installed')) find('target-missing', 'block', target)
    if (value(isManaged(target) ? 'target.running' : 'target.healthStatus'))
      find('target-running', 'warn', target)
    if (value('target.enabled')) find('target-enabled', 'warn', target)
    if (value('target.edgeStatus') === 0) find('edge-silent', 'block', target)
    for (const side of sideNames)
      if (!value(`${side}.maintenanceDirectory`))
        find('maintenance-directory', 'block', side === 'source' ? source : target)
  }
  for (const { name, component: asked } of source.spec.probes)
    if (asked !== undefined && context.plan.components[asked]?.spec[source.side] === undefined)
      find('probe-component', 'block', source, { probe: name, asked })
  return found
}

const valuesOf = (at: ServiceSide): Values => ({
  service: at.component,
  site: at.siteTitle,
  edgeHost: at.edgeHost.ssh,
  file: at.spec.maintenance.file,
  url: at.url + at.spec.health.path,
  edge: `${at.edge.address}:${at.edge.port}`,
  expected: at.spec.health.status,
  ...(isManaged(at) && managerValues(at)),
})

const managerValues = (at: ManagedSide): Values => ({
  host: at.host.ssh,
  unit: at.unit,
  log: logCommand(at).join(' '),
  look: at.manager.status(at.unit).join(' '),
  enable: at.manager.enable(at.unit).join(' '),
  disable: at.manager.disable(at.unit).join(' '),
  stop: at.manager.stop(at.unit, at.spec.stopSeconds).join(' '),
})
