import {
  asked,
  type ComponentDraft,
  type Discovery,
  type Draft,
  fields,
  known,
  type Placed,
  type Records,
} from '../../model/discovery.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Text } from '../../model/text.ts'
import { gigabytes, objectIn, recordsNamed, secretOf, targetHost } from '../kit/discover.ts'
import { script } from '../kit/script.ts'

/** What a cluster tells of itself; of one that is down, or may not be asked, only where it is. */
type ClusterFacts = {
  port: number
  databases: { name: string; bytes: number }[]
  extensions: string[]
  clients: string[]
  fingerprint: string
  isStandby: boolean
}

const discoverScript = script(import.meta.dirname, 'scripts/discover.sh')

/** Clusters in Debian's layout; their databases as their owner sees them. */
export const discover: Discovery = {
  part: 'data',
  argv: discoverScript.argv(),
  read: records =>
    recordsNamed(records, 'cluster').map(([cluster = '', port = '']) => {
      const facts: ClusterFacts = clusterFacts(records, cluster, Number(port))
      return {
        key: cluster,
        name: `postgres-${cluster.slice(cluster.indexOf('/') + 1)}`,
        ports: [Number(port)],
        units: [`systemd:postgresql@${cluster.replace('/', '-')}.service`],
        paths: [],
        facts,
      }
    }),
  draft,
}

function clusterFacts(records: Records, cluster: string, port: number): ClusterFacts {
  const of = (name: string) =>
    recordsNamed(records, name).flatMap(([at, text]) => (at === cluster ? [text ?? ''] : []))
  const text = (object: JsonObject, name: string) => String(object[name] ?? '')
  const extensions = of('extension')
    .map(objectIn)
    .map(one => `${text(one, 'name')} ${text(one, 'version')}`)
  return {
    port,
    databases: of('database')
      .map(objectIn)
      .map(one => ({ name: text(one, 'name'), bytes: Number(one.bytes ?? 0) })),
    extensions: [...new Set(extensions)].sort(),
    clients: of('client')
      .map(objectIn)
      .map(one => `${text(one, 'user')}@${text(one, 'database')} (${text(one, 'address')})`)
      .sort(),
    fingerprint: of('fingerprint')[0] ?? '',
    isStandby: of('settings').map(objectIn)[0]?.recovering === true,
  }
}

function draft(placed: Placed): ComponentDraft {
  const { id, found, source, target } = placed
  const { port, databases, fingerprint } = found.facts as ClusterFacts
  const same = 'host' in target ? (target.same?.facts as ClusterFacts | undefined) : undefined
  const other = 'host' in target && target.same === undefined ? target.others.map(({ key }) => key) : []
  const bytes = databases.reduce((sum, one) => sum + one.bytes, 0)
  const place = (host: Draft, at: Pick<ClusterFacts, 'port' | 'fingerprint'>): Draft =>
    fields({
      host,
      port: known(at.port),
      ...(at.fingerprint !== '' && { fingerprint: known(at.fingerprint) }),
    })
  return {
    criticality: 'critical',
    about: [],
    fields: {
      ...(bytes > 0 && { declaredSize: known(gigabytes(bytes)) }),
      method:
        other.length === 0
          ? known('streaming')
          : asked({ key: 'postgres.discover.method', values: { others: other.join(', ') } }, [
              'streaming',
              'dump',
            ]),
      cluster: known(found.key),
      source: place(known(source.key), { port, fingerprint }),
      target: place(targetHost(placed), same ?? { port, fingerprint: '' }),
      admin: {
        ...fields({ user: known('bascule'), password: secretOf(id, 'admin') }),
        about: [{ key: 'postgres.discover.admin' }],
      },
      databases:
        databases.length === 0
          ? asked({ key: 'postgres.discover.databases' })
          : known(serving(databases.map(({ name }) => name))),
      replication: fields({ password: secretOf(id, 'replication') }),
    },
    checks: [
      { measure: 'lagSeconds', threshold: { below: '1 min' }, gate: 'go', onFailure: 'block' },
      { measure: 'rowsDifferent', threshold: { equals: 0 }, gate: 'integrity', onFailure: 'roll-back' },
      { measure: 'unreachableDatabases', threshold: { equals: 0 }, gate: 'reopen', onFailure: 'roll-back' },
    ],
    remarks: remarksOn(found.key, source.ssh, found.facts as ClusterFacts),
  }
}

/** Without the empty one that every cluster has, unless there is no other. */
function serving(names: string[]): string[] {
  const own = names.filter(name => name !== 'postgres')
  return own.length > 0 ? own : names
}

function remarksOn(cluster: string, host: string, facts: ClusterFacts): Text[] {
  const values = { cluster, host }
  const listed: Text[] =
    facts.extensions.length === 0
      ? []
      : [{ key: 'postgres.discover.extensions', values: { ...values, names: facts.extensions.join(', ') } }]
  return [
    ...listed,
    ...(facts.isStandby ? [{ key: 'postgres.discover.standby' as const, values }] : []),
    ...facts.clients.map(
      (client): Text => ({ key: 'postgres.discover.client', values: { ...values, client } }),
    ),
  ]
}
