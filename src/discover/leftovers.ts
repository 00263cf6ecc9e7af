import type { Text } from '../model/text.ts'
import type { Component, LeftOut } from './components.ts'
import type { Host, Sites } from './hosts.ts'
import { isEverywhere, knownProgram } from './known-programs.ts'

/** One heading of the page. `why`: what it has to do with the night. */
export type Section = { id: string; title: Text; why: Text; items: readonly Text[] }

/** What moves with the components, and nobody has named. Pure. */
export function leftoversOf(
  sites: Sites,
  components: readonly Component[],
  leftOut: readonly LeftOut[],
  withheld: readonly Text[],
): Section[] {
  const hosts = sites.source.hosts
  const every = [...hosts, ...sites.target.hosts]
  const each = (texts: (host: Host) => Text[], of: readonly Host[] = hosts) => of.flatMap(texts)
  const inGroup = (group: LeftOut['group']): Text[] =>
    leftOut.flatMap(one =>
      one.group === group
        ? [{ key: 'discover.agent.item', values: { host: one.host.ssh, name: one.name } }]
        : [],
    )
  const section = (id: SectionId, items: readonly Text[]): Section => ({ id, ...words[id], items })
  return [
    section(
      'unseen',
      each(
        ({ ssh, unseen }) =>
          unseen.map(what => ({ key: 'discover.unseen.item', values: { host: ssh, what } })),
        every,
      ),
    ),
    section('unmovable', [
      ...leftOut.flatMap(one => (one.group === 'unmovable' ? [one.advice] : [])),
      ...each(containers),
    ]),
    section('jobs', each(jobs)),
    section(
      'services',
      each(host => unclaimed(host, components, leftOut)),
    ),
    section('platforms', each(platforms, every)),
    section(
      'fronts',
      leftOut.flatMap(one => (one.group === 'stays' ? [one.why] : [])),
    ),
    section('addresses', each(mentions, every)),
    section('certificates', each(certificates)),
    section('mail', [
      ...inGroup('mail'),
      ...each(({ ssh, mail }) =>
        mail.map(file => ({ key: 'discover.mail.item', values: { host: ssh, file } })),
      ),
    ]),
    section('monitoring', inGroup('monitoring')),
    section('backups', inGroup('backup')),
    section(
      'strangers',
      each(host => strangers(host, every)),
    ),
    section('network', each(network)),
    section('remarks', [...withheld, ...components.flatMap(({ draft }) => draft.remarks)]),
  ]
}

const words = {
  unseen: { title: { key: 'discover.unseen.title' }, why: { key: 'discover.unseen.why' } },
  unmovable: { title: { key: 'discover.unmovable.title' }, why: { key: 'discover.unmovable.why' } },
  jobs: { title: { key: 'discover.jobs.title' }, why: { key: 'discover.jobs.why' } },
  services: { title: { key: 'discover.services.title' }, why: { key: 'discover.services.why' } },
  platforms: { title: { key: 'discover.platforms.title' }, why: { key: 'discover.platforms.why' } },
  fronts: { title: { key: 'discover.fronts.title' }, why: { key: 'discover.fronts.why' } },
  addresses: { title: { key: 'discover.addresses.title' }, why: { key: 'discover.addresses.why' } },
  certificates: { title: { key: 'discover.certificates.title' }, why: { key: 'discover.certificates.why' } },
  mail: { title: { key: 'discover.mail.title' }, why: { key: 'discover.mail.why' } },
  monitoring: { title: { key: 'discover.monitoring.title' }, why: { key: 'discover.monitoring.why' } },
  backups: { title: { key: 'discover.backups.title' }, why: { key: 'discover.backups.why' } },
  strangers: { title: { key: 'discover.strangers.title' }, why: { key: 'discover.strangers.why' } },
  network: { title: { key: 'discover.network.title' }, why: { key: 'discover.network.why' } },
  remarks: { title: { key: 'discover.remarks.title' }, why: { key: 'discover.remarks.why' } },
} as const satisfies Record<string, { title: Text; why: Text }>
type SectionId = keyof typeof words

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
/** When Debian's own lines of /etc/crontab run. */
const ownTimes = ['17 * * * *', '25 6 * * *', '47 6 * * 7', '52 6 1 * *']

function jobs({ ssh, jobs: all, timers }: Host): Text[] {
  const own = all.filter(({ file, when, user }) =>
    file === '/etc/crontab' ? !(user === 'root' && ownTimes.includes(when)) : !isEverywhere(lastPart(file)),
  )
  return [
    ...own.map(({ file, line, when, user, program }): Text => {
      const values = { host: ssh, file, line, when, user, program }
      return { key: line === 0 ? 'discover.jobs.file' : 'discover.jobs.item', values }
    }),
    ...timers
      .filter(timer => !isEverywhere(timer))
      .map((timer): Text => ({ key: 'discover.jobs.timer', values: { host: ssh, timer } })),
  ]
}

/** Units that run, listen nowhere, and are nobody's component: workers, mostly. */
function unclaimed(host: Host, components: readonly Component[], leftOut: readonly LeftOut[]): Text[] {
  const named = new Set([
    ...components.filter(one => one.host === host).flatMap(({ found }) => found.units),
    ...host.found.filter(({ found }) => found.remainder !== undefined).flatMap(({ found }) => found.units),
  ])
  const left = new Set(leftOut.filter(one => one.host === host).map(({ name }) => name))
  return host.running
    .map(unit => ({ unit, name: unit.replace(/^\w+:/, '').replace(/\.service$/, '') }))
    .filter(({ unit, name }) => !named.has(unit) && !left.has(name) && knownProgram(name) === undefined)
    .map(({ name }): Text => ({ key: 'discover.services.item', values: { host: host.ssh, name } }))
}

const mentions = ({ ssh, mentions: all }: Host): Text[] =>
  all.map(({ file, line, address }) => ({
    key: 'discover.addresses.item',
    values: { host: ssh, file, line, address },
  }))

function certificates({ ssh, certificates: all, acme }: Host): Text[] {
  return [
    ...all.map(({ file, ends, subject, acme: renewed }): Text => {
      const values = { host: ssh, file, ends, subject }
      return { key: renewed ? 'discover.certificates.acme' : 'discover.certificates.item', values }
    }),
    ...acme.map((folder): Text => ({ key: 'discover.certificates.client', values: { host: ssh, folder } })),
  ]
}

/** Peers outside of the hosts that were named, each once a direction and port. */
function strangers({ ssh, facts }: Host, every: readonly Host[]): Text[] {
  const known = new Set(every.flatMap(host => host.facts.addresses.map(({ address }) => address)))
  const listening = new Set(facts.listeners.map(({ port }) => port))
  const foreign = facts.connections.filter(
    ({ peer }) => !known.has(peer.address) && !/^127\.|^::1$/.test(peer.address),
  )
  const texts = foreign.map(({ local, peer, unit }): Text => {
    const name = unit.replace(/^\w+:/, '') || '?'
    return listening.has(local.port)
      ? { key: 'discover.strangers.in', values: { host: ssh, port: local.port, address: peer.address } }
      : { key: 'discover.strangers.out', values: { host: ssh, port: peer.port, address: peer.address, name } }
  })
  return [...new Map(texts.map(text => [JSON.stringify(text), text])).values()]
}

const containers = ({ ssh, containers: all }: Host): Text[] =>
  all.map(({ id, name }) => ({ key: 'discover.platforms.container', values: { host: ssh, id, name } }))

/** What carries the rest. Its components need more than a host shows. */
function platforms({ ssh, tables, nodes, machines }: Host): Text[] {
  return [
    ...nodes.map(
      ({ name, fingerprint }): Text => ({
        key: 'discover.platforms.node',
        values: { host: ssh, name, fingerprint },
      }),
    ),
    ...machines.map(
      ({ id, name, disks }): Text => ({
        key: 'discover.platforms.machine',
        values: { host: ssh, id, name, disks },
      }),
    ),
    ...tables.map(
      ({ name, rules }): Text => ({
        key: 'discover.platforms.table',
        values: { host: ssh, name, rules },
      }),
    ),
  ]
}

/** What no component carries over: networks, mounts over them. */
function network({ ssh, facts }: Host): Text[] {
  const shared = facts.mounts.filter(({ type }) => /^(nfs|cifs|smb|fuse\.sshfs|glusterfs|ceph)/.test(type))
  const addresses = facts.addresses.map(one => `${one.address} (${one.interface})`).join(', ')
  const routes = facts.routes.filter(route => !route.includes('proto kernel'))
  return [
    { key: 'discover.network.addresses', values: { host: ssh, addresses } },
    ...routes.map(
      (route): Text => ({ key: 'discover.network.route', values: { host: ssh, route: route.trim() } }),
    ),
    ...shared.map(
      ({ source, target, type }): Text => ({
        key: 'discover.network.mount',
        values: { host: ssh, source, target, type },
      }),
    ),
  ]
}
