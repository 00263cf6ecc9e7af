import type { FindingLevel } from '../../model/fact.ts'
import type { MessageKey } from '../../model/text.ts'
import { typed } from '../kit/by-hand.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { logCommand } from './control.ts'
import type { AboutService } from './facts.ts'
import { isManaged, type ManagedSide, type ServiceSide, serviceAt } from './sides.ts'

type Values = Record<string, string | number>
/** `inVm`: the remedy for a service without a manager, where the other one names the manager's commands. */
type Sentences = { level: FindingLevel; text: MessageKey; remedy?: MessageKey; inVm?: MessageKey }

const sentences = {
  'source-healthy': { level: 'ok', text: 'service.finding.source-healthy' },
  'source-unhealthy': {
    level: 'block',
    text: 'service.finding.source-unhealthy',
    remedy: 'service.finding.source-unhealthy.remedy',
    inVm: 'service.finding.source-unhealthy.remedy.inVm',
  },
  'source-late': {
    level: 'warn',
    text: 'service.finding.source-late',
    remedy: 'service.finding.source-late.remedy',
  },
  'source-missing': {
    level: 'block',
    text: 'service.finding.source-missing',
    remedy: 'service.finding.source-missing.remedy',
  },
  'source-disabled': {
    level: 'warn',
    text: 'service.finding.source-disabled',
    remedy: 'service.finding.source-disabled.remedy',
  },
  'source-closed': {
    level: 'warn',
    text: 'service.finding.source-closed',
    remedy: 'service.finding.source-closed.remedy',
  },
  'edge-silent': {
    level: 'block',
    text: 'service.finding.edge-silent',
    remedy: 'service.finding.edge-silent.remedy',
  },
  'target-missing': {
    level: 'block',
    text: 'service.finding.target-missing',
    remedy: 'service.finding.target-missing.remedy',
  },
  'target-running': {
    level: 'warn',
    text: 'service.finding.target-running',
    remedy: 'service.finding.target-running.remedy',
    inVm: 'service.finding.target-running.remedy.inVm',
  },
  'target-enabled': {
    level: 'warn',
    text: 'service.finding.target-enabled',
    remedy: 'service.finding.target-enabled.remedy',
  },
  'maintenance-directory': {
    level: 'block',
    text: 'service.finding.maintenance-directory',
    remedy: 'service.finding.maintenance-directory.remedy',
  },
  'probe-component': {
    level: 'block',
    text: 'service.finding.probe-component',
    remedy: 'service.finding.probe-component.remedy',
  },
} as const satisfies Record<string, Sentences>

export function findings(about: AboutService): Judgement[] {
  const { facts } = about
  const source = serviceAt(about, 'source')
  const target = serviceAt(about, 'target')
  const found: Judgement[] = []
  const find = (rule: keyof typeof sentences, at: ServiceSide, more: Values = {}) => {
    const { level, text, remedy, inVm }: Sentences = sentences[rule]
    const values = { ...valuesOf(at), ...more }
    const key = isManaged(at) ? remedy : (inVm ?? remedy)
    found.push({ rule, level, text: { key: text, values }, ...(key && { remedy: { key, values } }) })
  }
  if (Object.keys(facts).length > 0) {
    if (facts['source.healthStatus'] === source.spec.health.status)
      find('source-healthy', source, { milliseconds: facts['source.healthMilliseconds'] ?? 0 })
    else find('source-unhealthy', source, { status: facts['source.healthStatus'] ?? 0 })
    if (isManaged(source) && !facts['source.installed']) find('source-missing', source)
    else if (isManaged(source) && !facts['source.enabled']) find('source-disabled', source)
    const again = facts['source.askedAgain'] ?? 0
    const bothAnswered = facts['source.healthStatus'] !== 0 && facts['source.edgeStatus'] !== 0
    if (again > 0 && bothAnswered) find('source-late', source, { again })
    if (facts['source.maintenanceOn']) find('source-closed', source)
    if (facts['source.edgeStatus'] === 0) find('edge-silent', source)
    if (isManaged(target) && !facts['target.installed']) find('target-missing', target)
    if (facts[isManaged(target) ? 'target.running' : 'target.healthStatus']) find('target-running', target)
    if (facts['target.enabled']) find('target-enabled', target)
    if (facts['target.edgeStatus'] === 0) find('edge-silent', target)
    if (!facts['source.maintenanceDirectory']) find('maintenance-directory', source)
    if (!facts['target.maintenanceDirectory']) find('maintenance-directory', target)
  }
  const probed = new Set(about.roles('probed').map(({ component }) => component))
  for (const { name, component: asked } of about.spec.probes)
    if (asked !== undefined && !probed.has(asked)) find('probe-component', source, { probe: name, asked })
  return found
}

const valuesOf = (at: ServiceSide): Values => ({
  service: at.component,
  site: at.siteTitle,
  edgeHost: at.edgeHost.ssh,
  file: at.spec.maintenance.file,
  remove: typed(['rm', '--', at.spec.maintenance.file]),
  url: at.url + at.spec.health.path,
  edge: `${at.edge.address}:${at.edge.port}`,
  expected: at.spec.health.status,
  ...(isManaged(at) && managerValues(at)),
})

const managerValues = (at: ManagedSide): Values => ({
  host: at.host.ssh,
  unit: at.unit,
  log: typed(logCommand(at)),
  look: typed(at.manager.status(at.unit)),
  enable: typed(at.manager.enable(at.unit)),
  disable: typed(at.manager.disable(at.unit)),
  stop: typed(at.manager.stop(at.unit, at.spec.stopSeconds)),
})
