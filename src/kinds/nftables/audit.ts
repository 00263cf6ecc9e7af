import { sha256Hex } from '../../model/canonical.ts'
import type { Facts } from '../../model/fact.ts'
import type { Argv, ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component, SiteSide } from '../../model/plan.ts'
import { bootState, isConfigured, listRuleset } from './commands.ts'
import { shown } from './matrix/judge.ts'
import { lookAtSites } from './matrix/look.ts'
import type { Cell } from './matrix/measure.ts'
import { unseenBy } from './measures.ts'
import { type DroppingChain, droppingElsewhere, restoreText, tablesOf } from './ruleset.ts'
import { type GatewaySide, gatewayAt } from './sides.ts'
import { obstacles } from './vlan/bridge.ts'
import { linksAt, type SeenLink } from './vlan/seen.ts'
import { letsIn, type WayIn, wayInOf } from './way-in.ts'

/** What the audit keeps of a gateway, as `findings` reads it back. Empty texts stand for what is not there. */
export type SeenGateway = {
  nft: string
  bash: boolean
  rulesetSha256: string
  rulesetBytes: number
  tables: string[]
  droppingElsewhere: DroppingChain[]
  legacyTables: string[]
  forwarding: boolean
  bridgedIsFiltered: boolean
  interfaces: string[]
  /** But for the loopback's. */
  addresses: { interface: string; address: string }[]
  /** `enabled`, `disabled`…, where systemd is asked; empty elsewhere. */
  bootService: string
  bootFileSha256: string
  wayIn: WayIn | null
  letsIn: boolean
  /** Why the ruleset could not be put back as it is; only of the target. */
  notRestorable: string
  /** ISO instant at which the gateway took a load back by itself. */
  takenBack: string
  obstacles: { vlan: string; key: string; what: string }[]
  /** VLANs that are there, and that a restart of the gateway would lose. */
  passing: string[]
}

/** P3. Reads both gateways, and looks from every zone at both sites; nothing is changed. */
export async function auditFirewall(component: Component, { plan }: PlanContext, io: ReadIo): Promise<Facts> {
  const [source, target, looked] = await Promise.all([
    seenAt(gatewayAt(component, plan, 'source'), io),
    seenAt(gatewayAt(component, plan, 'target'), io),
    lookAtSites(component, plan, io),
  ])
  const at = io.now()
  const values: Record<string, Json> = {
    source,
    target,
    tried: looked.tried,
    wronglyOpen: bySide(looked.wronglyOpen),
    wronglyClosed: bySide(looked.wronglyClosed),
    sitesDifferent: someOf(looked.sitesDifferent),
    absent: looked.absent.map(shown),
    unseen: unseenBy(looked),
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, unit: '', at }]))
}

/** A gateway as it was delivered lets hundreds of ways through: all are counted, the first are kept. */
export type Ways = { count: number; first: string[] }
const someOf = (ways: string[]): Ways => ({ count: ways.length, first: ways.slice(0, 50) })
const bySide = (cells: Cell[]): Record<SiteSide, Ways> => {
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
    wayInOf(at, io),
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
    letsIn: way === undefined || letsIn(at, way),
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
