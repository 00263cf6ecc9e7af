import type { FindingLevel } from '../../model/fact.ts'
import type { MessageKey } from '../../model/text.ts'
import { typed } from '../kit/by-hand.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { logCommand } from './control.ts'
import type { AboutService } from './facts.ts'
import { questionOf } from './health.ts'
import { type HttpSide, isHttp, isManaged, type ManagedSide, type ServiceSide, serviceAt } from './sides.ts'

type Values = Record<string, string | number>
/**
 * `inVm`: the remedy for a service without a manager, where the other one names the manager's commands. `plain`: the text for one
 * without HTTP, where the other one names its URL.
 */
type Sentences = {
  level: FindingLevel
  text: MessageKey
  plain?: MessageKey
  remedy?: MessageKey
  inVm?: MessageKey
}

const sentences = {
  'source-healthy': {
    level: 'ok',
    text: 'service.finding.source-healthy',
    plain: 'service.finding.source-healthy.plain',
  },
  'source-unhealthy': {
    level: 'block',
    text: 'service.finding.source-unhealthy',
    plain: 'service.finding.source-unhealthy.plain',
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
  'source-stopped': {
    level: 'warn',
    text: 'service.finding.source-stopped',
    remedy: 'service.finding.source-stopped.remedy',
  },
  'source-blocked': {
    level: 'block',
    text: 'service.finding.source-blocked',
    remedy: 'service.finding.source-blocked.remedy',
  },
  'units-missing': {
    level: 'block',
    text: 'service.finding.units-missing',
    remedy: 'service.finding.units-missing.remedy',
  },
  'target-units-up': {
    level: 'warn',
    text: 'service.finding.target-units-up',
    remedy: 'service.finding.target-units-up.remedy',
  },
  'target-healthy': {
    level: 'block',
    text: 'service.finding.target-healthy',
    remedy: 'service.finding.target-healthy.remedy',
  },
  'probe-component': {
    level: 'block',
    text: 'service.finding.probe-component',
    remedy: 'service.finding.probe-component.remedy',
  },
} as const satisfies Record<string, Sentences>

type Find = (rule: keyof typeof sentences, at: ServiceSide, more?: Values) => void

export function findings(about: AboutService): Judgement[] {
  const { facts } = about
  const source = serviceAt(about, 'source')
  const target = serviceAt(about, 'target')
  const found: Judgement[] = []
  const find: Find = (rule, at, more = {}) => {
    const { level, text, plain, remedy, inVm }: Sentences = sentences[rule]
    const values = { ...valuesOf(at), ...more }
    const key = isManaged(at) ? remedy : (inVm ?? remedy)
    const said = isHttp(at) ? text : (plain ?? text)
    found.push({ rule, level, text: { key: said, values }, ...(key && { remedy: { key, values } }) })
  }
  if (Object.keys(facts).length > 0) {
    if (isHttp(source) && isHttp(target)) httpFindings(about, source, target, find)
    else plainFindings(about, source, target, find)
    unitFindings(about, source, target, find)
  }
  if (isHttp(source)) probeFindings(about, source, find)
  return found
}

function httpFindings({ facts }: AboutService, source: HttpSide, target: HttpSide, find: Find): void {
  if (facts['source.healthStatus'] === source.spec.health.status)
    find('source-healthy', source, { milliseconds: facts['source.healthMilliseconds'] ?? 0 })
  else find('source-unhealthy', source, { status: facts['source.healthStatus'] ?? 0 })
  managerFindings(facts, source, find)
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

function plainFindings({ facts }: AboutService, source: ServiceSide, target: ServiceSide, find: Find): void {
  const said = facts['source.healthSaid'] ?? ''
  find(facts['source.healthy'] ? 'source-healthy' : 'source-unhealthy', source, { said })
  managerFindings(facts, source, find)
  // Where its manager is asked, an unhealthy one is not running: that is said once.
  const isAskedOtherwise = source.spec.health.by !== 'unit'
  if (isManaged(source) && facts['source.installed'] && !facts['source.running'] && isAskedOtherwise)
    find('source-stopped', source)
  if (isManaged(target) && !facts['target.installed']) find('target-missing', target)
  if (facts[isManaged(target) ? 'target.running' : 'target.healthy']) find('target-running', target)
  else if (facts['target.healthy']) find('target-healthy', target)
  if (facts['target.enabled']) find('target-enabled', target)
}

function managerFindings(facts: AboutService['facts'], source: ServiceSide, find: Find): void {
  if (!isManaged(source)) return
  if (!facts['source.installed']) find('source-missing', source)
  // What a timer or a socket starts need not be enabled itself.
  else if (!facts['source.enabled'] && source.spec.alsoStop === undefined) find('source-disabled', source)
}

function unitFindings({ facts }: AboutService, source: ServiceSide, target: ServiceSide, find: Find): void {
  if (!isManaged(source) || !isManaged(target)) return
  for (const at of [source, target]) {
    const missing = facts[`${at.side}.unitsMissing`] ?? []
    if (missing.length > 0) find('units-missing', at, { units: missing.join(', ') })
  }
  const blocked = facts['source.unitsBlocked'] ?? []
  if (blocked.length > 0) {
    const orders = blocked.flatMap(unit => source.manager.unblock(unit).map(({ argv }) => argv))
    find('source-blocked', source, { units: blocked.join(', '), unblock: typed(...orders) })
  }
  const up = facts['target.unitsUp'] ?? []
  if (up.length === 0) return
  const { manager } = target
  const down = up.flatMap(unit => [manager.disable(unit), manager.stop(unit, target.spec.stopSeconds)])
  find('target-units-up', target, { units: up.join(', '), down: typed(...down) })
}

function probeFindings(about: AboutService, source: HttpSide, find: Find): void {
  const probed = new Set(about.roles('probed').map(({ component }) => component))
  for (const { name, component: asked } of source.spec.probes)
    if (asked !== undefined && !probed.has(asked)) find('probe-component', source, { probe: name, asked })
}

const valuesOf = (at: ServiceSide): Values => ({
  service: at.component,
  site: at.siteTitle,
  question: questionOf(at),
  ...(isHttp(at) && httpValues(at)),
  ...(isManaged(at) && managerValues(at)),
})

const httpValues = (at: HttpSide): Values => ({
  edgeHost: at.edgeHost.ssh,
  file: at.spec.maintenance.file,
  remove: typed(['rm', '--', at.spec.maintenance.file]),
  url: at.url + at.spec.health.path,
  edge: `${at.edge.address}:${at.edge.port}`,
  expected: at.spec.health.status,
})

const managerValues = (at: ManagedSide): Values => ({
  host: at.host.ssh,
  unit: at.unit,
  log: typed(logCommand(at)),
  look: typed(at.manager.status(at.unit)),
  start: typed(at.manager.start(at.unit)),
  enable: typed(at.manager.enable(at.unit)),
  disable: typed(at.manager.disable(at.unit)),
  stop: typed(at.manager.stop(at.unit, at.spec.stopSeconds)),
})
