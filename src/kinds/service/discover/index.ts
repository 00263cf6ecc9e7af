import { dirname } from 'node:path'
import {
  asked,
  type ComponentDraft,
  type Discovery,
  type Draft,
  type Found,
  fields,
  type HostFacts,
  known,
  type Listener,
  type Placed,
} from '../../../model/discovery.ts'
import { targetHost } from '../../kit/discover.ts'
import { script } from '../../kit/script.ts'
import { sitesIn, type WebSite } from './web-sites.ts'

const discoverScript = script(dirname(import.meta.dirname), 'scripts/discover.sh')

/** What the packages put there: a root like these holds nothing of anybody's. */
const emptyRoots = ['/var/www/html', '/usr/share/nginx/html', '/var/www']

/** What listens and nothing else has claimed, by the unit that manages it. */
export const discover: Discovery = {
  part: 'served',
  argv: discoverScript.argv(),
  read(records, host) {
    const sites = sitesIn(records)
    const listening = Map.groupBy(host.listeners, one => one.unit || `program:${one.program}`)
    return [...listening].flatMap(([unit, listeners]) =>
      unit === 'program:' ? [] : [foundOf(unit, listeners, host, sites)],
    )
  },
  draft,
}

function foundOf(unit: string, listeners: Listener[], host: HostFacts, sites: WebSite[]): Found {
  const program = listeners.find(one => one.program !== '')?.program ?? ''
  const own = sites.filter(({ server }) => program.startsWith(server))
  const stem = unit.replace(/^\w+:/, '').replace(/\.service$/, '')
  const tcp = listeners.filter(({ protocol }) => protocol === 'tcp')
  const roots = own.flatMap(site => site.roots).filter(root => !emptyRoots.includes(root))
  const sends = own.flatMap(({ names, to }) => names.flatMap(as => to.map(one => ({ as, to: one }))))
  return {
    key: unit,
    name: stem,
    ports: [...new Set(tcp.map(({ port }) => port))].sort((one, other) => one - other),
    units: unit.startsWith('program:') ? [] : [unit],
    paths: [],
    remainder: { program },
    ...(sends.length > 0 && { sends }),
    ...(sends.length > 0 &&
      roots.length === 0 && {
        stays: {
          key: 'service.discover.front',
          values: { host: host.name, unit: stem, names: namesIn(own) },
        },
      }),
    facts: { names: [...new Set(own.flatMap(({ names }) => names))], udpOnly: tcp.length === 0 },
  }
}

const namesIn = (sites: WebSite[]): string => [...new Set(sites.flatMap(({ names }) => names))].join(', ')

function draft(placed: Placed): ComponentDraft {
  const { found, source, reachedAs } = placed
  const [port] = found.ports
  const managed = /^(systemd|runit):(.+)$/.exec(found.key)
  const manager: Draft =
    managed === null
      ? asked({ key: 'service.discover.manager', values: { program: found.name } })
      : fields({ [String(managed[1])]: known(String(managed[2])) })
  const names = [...reachedAs.map(({ name }) => name), ...(found.facts.names as string[])]
  return {
    criticality: 'high',
    about: [
      ...(found.ports.length > 1
        ? [{ key: 'service.discover.ports' as const, values: { ports: found.ports.join(', ') } }]
        : []),
      ...(names.length > 0
        ? [{ key: 'service.discover.public' as const, values: { names: [...new Set(names)].join(', ') } }]
        : []),
    ],
    fields: {
      source: fields({ host: known(source.key) }),
      target: fields({ host: targetHost(placed) }),
      manager,
      health: port === undefined ? known('unit') : fields({ port: known(port) }),
    },
    checks: [{ measure: 'unhealthy', threshold: { equals: 0 }, gate: 'reopen', onFailure: 'roll-back' }],
    remarks: [],
  }
}
