import { bracketed } from '../../model/address.ts'
import type { MessageKey } from '../../model/text.ts'
import type { Answers, Part } from './answers.ts'

type Comment = (key: MessageKey, indent?: string) => string
type Chosen = (part: Part) => boolean

/** The components of a first plan: the link always, and the parts that were chosen. */
export function componentLines(answers: Answers, chosen: Chosen, comment: Comment): string[] {
  const { source, target, domain } = answers
  const list = (...names: Part[]) => names.filter(chosen).join(', ')
  const url = (address: string | undefined) => `"http://${address && bracketed(address)}:8080"`
  const link = [
    '  link:',
    '    kind: link',
    '    criticality: critical',
    '    owner: lead',
    comment('plan.init.link', '    '),
    '    declaredMbps: 200',
    '    source: {host: gateway}',
    '    target: {host: gateway}',
  ]
  const componentTemplates: Record<Part, string[]> = {
    database: [
      '  database:',
      '    kind: postgres',
      '    criticality: critical',
      '    owner: lead',
      comment('plan.init.size', '    '),
      '    declaredSize: 50-100 GB',
      '    method: streaming',
      '    cluster: 15/main',
      '    source: {host: database}',
      '    target: {host: database}',
      comment('plan.init.secrets', '    '),
      '    admin: {user: bascule, password: "env:BASCULE_DATABASE_PASSWORD"}',
      '    databases: [main]',
      '    replication: {password: "env:BASCULE_REPLICATION_PASSWORD"}',
    ],
    files: [
      '  files:',
      '    kind: files',
      '    criticality: high',
      '    owner: lead',
      '    declaredSize: 200-500 GB',
      '    source: {host: files, path: /srv/files}',
      '    target: {host: files, path: /srv/files}',
    ],
    site: [
      '  site:',
      '    kind: service',
      '    criticality: critical',
      '    owner: lead',
      `    needs: [${list('database', 'files')}]`,
      comment('plan.init.service', '    '),
      `    source: {host: app, url: ${url(source.hosts.app?.address)}}`,
      `    target: {host: app, url: ${url(target.hosts.app?.address)}}`,
      '    manager: {systemd: site.service}',
      `    publicUrl: "https://www.${domain}"`,
      comment('plan.init.maintenance', '    '),
      '    maintenance: {host: gateway, file: /etc/maintenance/site}',
      '    health: {path: /health}',
    ],
    names: [
      '  names:',
      '    kind: dns',
      '    criticality: critical',
      '    owner: lead',
      `    needs: [${list('site')}]`,
      comment('plan.init.names', '    '),
      `    zone: ${domain}`,
      '    servers: [{address: 203.0.113.54}]',
      '    resolvers: [{address: 203.0.113.53}]',
      '    update:',
      '      server: {address: 203.0.113.54}',
      '      tsig: {name: bascule, secret: "env:BASCULE_TSIG_SECRET"}',
      '    lowTtlSeconds: 60',
      '    records:',
      '      - {name: www, type: A, source: 203.0.113.11, target: 203.0.113.12}',
    ],
  }
  const authority = [
    comment('plan.init.authority', '  '),
    '  authority:',
    '    kind: authority',
    '    criticality: critical',
    '    owner: lead',
    `    needs: [${list('database', 'files')}]`,
  ]
  const holdsData = chosen('database') || chosen('files')
  const own = Object.entries(componentTemplates).flatMap(([part, lines]) =>
    chosen(part as Part) ? lines : [],
  )
  return [...link, ...own, ...(holdsData ? authority : [])]
}

/** Each check: its part, its id and the rest. Thresholds are starting points that the comment says to judge. */
const checks: ['link' | Part, string][] = [
  ['link', 'bandwidth: {component: link, measure: bandwidthMbps, atLeast: 150, gate: go, onFailure: block}'],
  ['database', 'lag: {component: database, measure: lagSeconds, below: 1 min, gate: go, onFailure: block}'],
  ['files', 'delta: {component: files, measure: deltaBytes, below: 5 GB, gate: go, onFailure: block}'],
  ['names', 'dns: {component: names, measure: serversDisagreeing, equals: 0, gate: go, onFailure: block}'],
  [
    'database',
    'rows: {component: database, measure: rowsDifferent, equals: 0, gate: integrity, onFailure: roll-back}',
  ],
  [
    'files',
    'contents: {component: files, measure: filesDifferent, equals: 0, gate: integrity, onFailure: roll-back}',
  ],
  [
    'database',
    'reachable: {component: database, measure: unreachableDatabases, equals: 0, gate: reopen, onFailure: roll-back}',
  ],
  [
    'site',
    'health: {component: site, measure: unhealthy, equals: 0, gate: reopen, onFailure: roll-back, attempts: 3}',
  ],
]

export function checkLines(chosen: Chosen): string[] {
  return checks.filter(([part]) => part === 'link' || chosen(part)).map(([, line]) => `  ${line}`)
}
