import type { ChangeIo } from '../../src/model/io.ts'
import type { SiteSide } from '../../src/model/plan.ts'
import { AuthorityHosts } from '../doubles/authority-hosts.ts'
import { DnsPrimary } from '../doubles/dns-primary.ts'
import { FileHosts } from '../doubles/file-hosts.ts'
import type { PostgresCluster } from '../doubles/postgres-cluster.ts'
import { PostgresClusters } from '../doubles/postgres-clusters.ts'
import { DataDirectory } from '../doubles/postgres-directory.ts'
import { ServiceHosts } from '../doubles/service-hosts.ts'
import type { VirtualClock } from '../doubles/virtual-clock.ts'
import { FileUsers } from './file-users.ts'

export const sides = ['source', 'target'] as const satisfies readonly SiteSide[]
export const hostsOf = {
  source: ['montpellier-gateway', 'montpellier-auth', 'm-db', 'm-files'],
  target: ['toulouse-gateway', 'toulouse-auth', 't-db', 't-files'],
} as const
const edgeFlag = (side: SiteSide): string => `${hostsOf[side][0]}:/etc/estate/maintenance/auth`
const addresses: Record<string, string> = {
  ...{ '10.0.1.2': 'm-files', '10.0.2.2': 't-files' },
  ...{ '10.0.1.1': 'm-db', '10.80.1.30': 'montpellier-auth', '10.80.1.1': 'montpellier-gateway' },
  ...{ '10.0.2.1': 't-db', '10.80.2.30': 'toulouse-auth', '10.80.2.1': 'toulouse-gateway' },
}
/** A host by its ssh name or its address; undefined: it is at neither site. */
export const hostAt = (place: string): string | undefined => addresses[place] ?? (sideOf(place) && place)
export const sideOf = (host: string): SiteSide | undefined =>
  sides.find(side => (hostsOf[side] as readonly string[]).includes(host))

/** What users were told is written, and by whom. */
type Acknowledged = { row: string; side: SiteSide }
const rowsAtFirst = 20
/** Beside what they write whenever a database opens, closes or is changed. */
const writeEverySeconds = 20

/**
 * Two sites in memory on one clock: a database, a service with its edge at each, the names, and what every host keeps of who may
 * act. Users try to write at both sites all the time, by whatever door is open, and keep a ledger.
 */
export class PaperEstate {
  readonly clusters: PostgresClusters
  readonly services = new ServiceHosts()
  readonly files: FileHosts
  readonly fileUsers: FileUsers
  readonly primary = new DnsPrimary()
  readonly authority = new AuthorityHosts()
  readonly clock: VirtualClock
  /** Of what users see: during a rehearsal the target is in a network of its own. */
  isRehearsing = false
  /** Hosts without power. */
  readonly down = new Set<string>()
  /** Sites that Bascule does not reach. */
  readonly cutOff = new Set<SiteSide>()
  /** A site that people have cut off from everybody, for good. */
  isolated: SiteSide | undefined
  readonly violations: string[] = []
  #opened = false
  #acknowledged: Acknowledged[] = []
  #written = 0
  #writtenAt = 0
  #takes: Record<SiteSide, boolean> = { source: false, target: false }
  readonly #begun: number

  constructor(clock: VirtualClock) {
    this.clock = clock
    this.#begun = clock.now().epochMilliseconds
    this.clusters = new PostgresClusters(undefined, () => this.#opened && this.#users())
    this.files = new FileHosts(
      { source: 'm-files', target: 't-files' },
      () => clock.now().epochMilliseconds / 1000,
    )
    this.files.reaches = (...ends) => !this.clusters.isCut && ends.every(host => !this.down.has(host))
    this.files.hasRoom = host => !this.authority.full.has(host)
    this.fileUsers = new FileUsers(this.files, () => clock.now().epochMilliseconds / 1000)
    this.services.running.add('montpellier-auth')
    this.services.disabled.add('toulouse-auth')
    for (const record of this.primary.records) record.ttlSeconds = 300
    this.#opened = true
    this.sync()
  }

  get seconds(): number {
    return (this.clock.now().epochMilliseconds - this.#begun) / 1000
  }

  get acknowledged(): number {
    return this.#acknowledged.length
  }

  /** Who answers commands at a host. */
  ioAt(host: string): ChangeIo {
    if (host.endsWith('-db')) return this.clusters.io
    return host.endsWith('-files') ? this.files.io : this.services.io
  }

  /** What the servers do in their own time up to now. */
  sync(): void {
    const behind = this.seconds - this.clusters.seconds
    if (behind > 0) this.clusters.pass(behind)
  }

  violated(what: string): void {
    const text = `${this.clock.now().toString().slice(11, 19)} ${what}`
    if (this.violations.length < 20) this.violations.push(text)
  }

  /** Something was changed at a host: users are there before anybody else, and all that they wrote is somewhere, whole. */
  judge(what: string): void {
    this.#users(true)
    if (!sides.some(side => this.#holdsAll(side)))
      this.violated(
        `no site has all that was acknowledged (${what}): ${sides.map(side => this.#lacks(side)).join(' | ')}`,
      )
    if (!sides.some(side => this.isolated !== side && this.fileUsers.wrongAt(side).length === 0))
      this.violated(
        `no site has all files (${what}): ${sides.map(side => `${side}: ${this.fileUsers.wrongAt(side).join(', ')}`).join(' | ')}`,
      )
  }

  /** Writes are taken there from users who come now, or are connected already. */
  takesWrites(side: SiteSide): boolean {
    const cluster = this.clusters[side]
    const { server } = cluster
    if (server === undefined || !cluster.isPrimary || this.isolated === side) return false
    if (server.settings.default_transaction_read_only === 'on') return false
    const limit = cluster.data.content.databases.techcorp?.limit
    return limit !== undefined && (server.sessions > 0 || limit !== 0)
  }

  /** Missing from what a site's users see, and there more than once. */
  ledgerAt(side: SiteSide): { lost: number; doubled: number } {
    const cluster = this.clusters[side]
    const rows = cluster.hasData ? ledgerOf(cluster.data.content) : []
    const there = new Set(rows)
    return {
      lost: this.#acknowledged.filter(({ row }) => !there.has(row)).length,
      doubled: rows.length - there.size,
    }
  }

  serves(side: SiteSide): string[] {
    const [, host] = hostsOf[side]
    const isNamed =
      this.primary.records.find(({ type }) => type === 'A')?.data ===
      (side === 'source' ? '10.80.4.11' : '10.80.4.12')
    return [
      this.takesWrites(side) ? '' : 'its database takes no writes',
      this.services.running.has(host) && !this.services.disabled.has(host) ? '' : 'its service does not run',
      this.services.flags.has(edgeFlag(side)) ? 'its maintenance page is on' : '',
      isNamed ? '' : 'the names do not lead there',
      ...(side === 'source' && this.files.source.fence.isNoted ? ['its tree of files is fenced'] : []),
      ...this.fileUsers.wrongAt(side, true),
    ].filter(Boolean)
  }

  reaches(host: string): boolean {
    const side = sideOf(host)
    return !this.down.has(host) && (side === undefined || !this.cutOff.has(side))
  }

  powerOff(host: string): void {
    this.sync()
    this.down.add(host)
    this.services.running.delete(host)
    if (host === this.files.source.name) this.files.source.fence.isMounted = false
    const cluster = this.#clusterAt(host)
    if (cluster) this.clusters.stop(cluster, 'immediate')
  }

  /** What a host starts by itself: its cluster, and a service that is enabled. */
  powerOn(host: string): void {
    this.sync()
    if (!this.down.delete(host)) return
    if (host.endsWith('-auth') && !this.services.disabled.has(host)) this.services.running.add(host)
    const cluster = this.#clusterAt(host)
    if (cluster?.hasData) cluster.start()
  }

  /** Two people have signed that nobody reaches it any more. What it alone has is lost, as they were told. */
  giveUp(side: SiteSide): void {
    this.isolated = side
    const other = side === 'source' ? 'target' : 'source'
    const cluster = this.clusters[other]
    const there = new Set(cluster.hasData ? ledgerOf(cluster.data.last.content) : [])
    this.#acknowledged = this.#acknowledged.filter(({ row }) => there.has(row))
    this.fileUsers.haveOnly(other)
  }

  #clusterAt(host: string): PostgresCluster | undefined {
    return sides.map(side => this.clusters[side]).find(({ name }) => name === host)
  }

  #users(isChange = false): void {
    for (const side of sides) {
      const cluster = this.clusters[side]
      const comes = side === 'source' || !this.isRehearsing
      const isOpen = cluster.isPrimary && (cluster.data.content.databases.techcorp?.limit ?? 0) !== 0
      if (cluster.server && comes && isOpen) cluster.server.sessions = 2
    }
    const takes = {
      source: this.takesWrites('source'),
      target: !this.isRehearsing && this.takesWrites('target'),
    }
    if (takes.source && takes.target) this.violated('two databases take writes')
    const opens = { source: this.#opensFiles('source'), target: takes.target && this.#opensFiles('target') }
    if (opens.source && opens.target) this.violated('two trees of files take writes')
    const isNews = sides.some(side => takes[side] !== this.#takes[side])
    this.#takes = takes
    if (!isChange && !isNews && this.clusters.seconds < this.#writtenAt + writeEverySeconds) return
    this.#writtenAt = this.clusters.seconds
    const { source } = this.files
    const isBare = source.fence.isNoted && !source.fence.isMounted
    if (isBare && !this.down.has(source.name) && this.isolated !== 'source') this.fileUsers.writeLate()
    for (const side of sides) {
      if (opens[side]) this.fileUsers.write(side)
      if (!takes[side]) continue
      const row = `(${100 + this.#written++},written)`
      this.clusters[side].insert('techcorp', 'public.ledger', row)
      this.#acknowledged.push({ row, side })
    }
  }

  /** At the source everybody writes who reaches the host; at the target, who comes by the service. */
  #opensFiles(side: SiteSide): boolean {
    const [, service, , host] = hostsOf[side]
    if (this.down.has(host) || this.isolated === side) return false
    if (side === 'source') return !this.files.source.fence.isNoted
    return this.services.running.has(service) && !this.services.flags.has(edgeFlag(side))
  }

  /** In any directory of its database's host, replayed or not. */
  #holdsAll(side: SiteSide): boolean {
    if (this.isolated === side) return false
    return [...this.clusters[side].directories.values()].some(
      data => data instanceof DataDirectory && this.#isWhole(ledgerOf(data.last.content)),
    )
  }

  #isWhole(rows: readonly string[]): boolean {
    const last = this.#acknowledged.at(-1)
    if (last === undefined) return true
    const isInStep = rows.length === rowsAtFirst + this.#acknowledged.length && rows.at(-1) === last.row
    if (isInStep) return true
    const there = new Set(rows)
    return this.#acknowledged.every(({ row }) => there.has(row))
  }

  #lacks(side: SiteSide): string {
    const found = [...this.clusters[side].directories].map(([path, data]) => {
      if (!(data instanceof DataDirectory)) return `${path} ${data}`
      const there = new Set(ledgerOf(data.last.content))
      return `${path} lacks ${this.#acknowledged.filter(({ row }) => !there.has(row)).length}`
    })
    return `${side}: ${found.join(', ')}`
  }
}

const ledgerOf = ({ databases }: DataDirectory['content']): readonly string[] =>
  databases.techcorp?.tables['public.ledger'] ?? []
