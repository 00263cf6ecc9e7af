import { sha256Hex } from '../../model/canonical.ts'
import type { Argv, ReadIo } from '../../model/io.ts'
import type { SiteSide } from '../../model/plan.ts'
import { adminConnectionOf, allowsAdminConnection } from './admin-connection.ts'
import { bootState, isConfigured, listRuleset } from './commands.ts'
import type { AboutFirewall, FirewallFacts, Flows, SeenGateway } from './facts.ts'
import { measureFlows } from './matrix/flows.ts'
import { shown } from './matrix/judge.ts'
import type { Cell } from './matrix/measure.ts'
import { unseenBy } from './measures.ts'
import { droppingElsewhere, restoreText, tablesOf } from './ruleset.ts'
import { type GatewaySide, gatewayAt } from './sides.ts'
import { obstacles } from './vlan/bridge.ts'
import { linksAt, type SeenLink } from './vlan/seen.ts'

/** P3. Reads both gateways, and measures from every zone of both sites; nothing is changed. */
export async function audit(about: AboutFirewall, io: ReadIo): Promise<FirewallFacts> {
  const [source, target, measured] = await Promise.all([
    seenAt(gatewayAt(about, 'source'), io),
    seenAt(gatewayAt(about, 'target'), io),
    measureFlows(about, io),
  ])
  return {
    source,
    target,
    tried: measured.tried,
    wronglyOpen: bySide(measured.wronglyOpen),
    wronglyClosed: bySide(measured.wronglyClosed),
    sitesDifferent: someOf(measured.sitesDifferent),
    absent: measured.absent.map(shown),
    unseen: unseenBy(measured),
  }
}

const someOf = (ways: string[]): Flows => ({ count: ways.length, first: ways.slice(0, 50) })
const bySide = (cells: Cell[]): Record<SiteSide, Flows> => {
  const of = (side: SiteSide) => someOf(cells.filter(({ target }) => target.side === side).map(shown))
  return { source: of('source'), target: of('target') }
}

async function seenAt(at: GatewaySide, io: ReadIo): Promise<SeenGateway> {
  const text = async (...argv: Argv) => {
    const { exitCode, stdout } = await io.read(at.host.ssh, argv, { allowFailure: true })
    return exitCode === 0 ? stdout.trim() : ''
  }
  const proc = (path: string) => text('cat', path)
  const [
    nft,
    bash,
    listing,
    legacy,
    legacy6,
    forward,
    bridged,
    bootService,
    bootFile,
    takenBack,
    links,
    way,
  ] = await Promise.all([
    text('nft', '--version'),
    text('bash', '-c', 'echo "$BASH_VERSION"'),
    io.read(at.host.ssh, listRuleset(), { allowFailure: true }),
    proc('/proc/net/ip_tables_names'),
    proc('/proc/net/ip6_tables_names'),
    proc('/proc/sys/net/ipv4/ip_forward'),
    proc('/proc/sys/net/bridge/bridge-nf-call-iptables'),
    io.read(at.host.ssh, bootState(), { allowFailure: true }),
    text('sha256sum', '--', at.spec.file),
    proc(`${at.directory.load}/reverted`),
    linksAt(at.host.ssh, io),
    adminConnectionOf(at, io),
  ])
  return {
    nft,
    bash: bash !== '',
    rulesetSha256: sha256Hex(listing.stdout),
    rulesetBytes: Buffer.byteLength(listing.stdout),
    tables: tablesOf(listing.stdout).map(({ family, name }) => `${family} ${name}`),
    droppingElsewhere: droppingElsewhere(listing.stdout),
    legacyTables: [...legacy.split('\n'), ...legacy6.split('\n')].filter(Boolean),
    forwarding: forward === '1',
    bridgedIsFiltered: bridged === '1',
    interfaces: links.map(({ name }) => name),
    addresses: links
      .filter(({ name }) => name !== 'lo')
      .flatMap(({ name, addresses }) => addresses.map(address => ({ interface: name, address }))),
    bootService: bootService.stdout.trim(),
    bootFileSha256: bootFile.split(' ')[0] ?? '',
    wayIn: way ?? null,
    letsIn: way === undefined || allowsAdminConnection(at, way),
    notRestorable: at.side === 'target' ? await whyNotRestorable(at, listing.stdout, io) : '',
    takenBack,
    obstacles:
      at.side === 'target'
        ? at.spec.vlans.flatMap(({ name, target }) =>
            obstacles(target, links).map(([key, what]) => ({ vlan: name, key, what })),
          )
        : [],
    passing: at.side === 'target' ? await passingVlans(at, links, io) : [],
  }
}

async function passingVlans(at: GatewaySide, links: readonly SeenLink[], io: ReadIo): Promise<string[]> {
  const there = at.spec.vlans.filter(({ target }) => links.some(({ name }) => name === target.bridge))
  const kept = await Promise.all(
    there.map(({ target }) => io.read(at.host.ssh, isConfigured(target.bridge), { allowFailure: true })),
  )
  return there.filter((_, index) => kept[index]?.exitCode !== 0).map(({ name }) => name)
}

async function whyNotRestorable(at: GatewaySide, listing: string, io: ReadIo): Promise<string> {
  const { exitCode, stderr } = await io.read(at.host.ssh, ['nft', '-c', '-f', '-'], {
    input: restoreText(listing, at.spec.replaces),
    allowFailure: true,
  })
  return exitCode === 0 ? '' : stderr.trim().slice(0, 300)
}
