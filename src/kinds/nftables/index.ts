import { sha256Hex } from '../../model/canonical.ts'
import type { FigureForms } from '../../model/figure.ts'
import type { Argv, ReadIo } from '../../model/io.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { KeysOf, MessageKey, Sentences } from '../../model/text.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { load } from './actions/load.ts'
import { persist } from './actions/persist.ts'
import { prove } from './actions/prove.ts'
import { vlans } from './actions/vlans.ts'
import { adminConnectionOf, allowsAdminConnection } from './admin-connection.ts'
import { bootState, isConfigured, listRuleset } from './commands.ts'
import { type AboutFirewall, type FirewallFacts, type Flows, nftables, type SeenGateway } from './facts.ts'
import { findings } from './findings.ts'
import { firstOf, type Looked, measureFlows } from './matrix/flows.ts'
import { shown } from './matrix/judge.ts'
import type { Cell } from './matrix/measure.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { droppingElsewhere, restoreText, tablesOf } from './ruleset.ts'
import { type GatewaySide, gatewayAt } from './sides.ts'
import type { NftablesSpec } from './spec.ts'
import { obstacles } from './vlan/bridge.ts'
import { linksAt, type SeenLink } from './vlan/seen.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

type Measure = TypedMeasure<NftablesSpec, FirewallFacts>

/** Each of the three is of both sites; asked for together they are one look. */
const measures: Record<string, Measure> = {
  wronglyOpen: measure('nftables.measure.wronglyOpen', ({ wronglyOpen }) => wronglyOpen.map(shown)),
  wronglyClosed: measure('nftables.measure.wronglyClosed', ({ wronglyClosed }) => wronglyClosed.map(shown)),
  sitesDifferent: measure(
    'nftables.measure.sitesDifferent',
    ({ sitesDifferent }) => sitesDifferent,
    'nftables.measured.different',
  ),
}

function measure(
  title: MessageKey,
  waysOf: (looked: Looked) => string[],
  detailKey: MessageKey = 'nftables.measured.flows',
): Measure {
  return {
    title,
    unit: '',
    expectedSeconds: 20,
    // thousands of connections at once: what services answer beside them is late
    alone: true,
    async measure(measuring, io) {
      const looked = await measureFlows(measuring, io)
      const ways = waysOf(looked)
      const unseen = unseenBy(looked)
      const detail = firstOf([...ways, ...unseen])
      return {
        value: ways.length,
        figures: { tried: looked.tried, ways, absent: looked.absent.map(shown), unseen },
        ...(detail !== '' && { detail: [{ key: detailKey, values: { flows: detail } }] }),
        ...(unseen.length > 0 && { unverified: true }),
      }
    },
  }
}

/** What nobody could look at: a vantage that does not answer, an echo that nothing there can send. */
const unseenBy = ({ unasked, unknown }: Looked): string[] => [
  ...unasked.map(({ vantage, why }) => `${vantage.name}: ${why}`),
  ...unknown.filter(({ declared }) => declared).map(cell => `${shown(cell)}: ?`),
]

/** How they, and the figures of the steps' results, are shown. */
const figures: FigureForms = {
  tried: { label: 'nftables.figure.tried' },
  beforeBytes: { label: 'nftables.figure.beforeBytes', unit: 'B' },
  beforeSha256: { label: 'nftables.figure.beforeSha256' },
  tableSha256: { label: 'nftables.figure.tableSha256' },
}

/** A zone that is looked at from the machine of Bascule: echoes are sent from there. */
const asksHere = ({ zones }: NftablesSpec): boolean =>
  Object.values(zones).some(({ source, target }) =>
    [source, target].some(({ vantage }) => vantage === 'here'),
  )

/** The firewalls of both sites: the target's is made as declared, and what passes either is measured. */
export const kind = nftables.defineKind({
  messages,
  programsHere: ({ spec }) => (asksHere(spec) ? [{ program: 'ping', package: 'iputils-ping' }] : []),
  lackingRules: ['missing'],
  audit,
  auditsAlone: true,
  findings,
  // The target's gateway is made ready in the days before. In the window it is only measured, at the gates.
  plan: ({ spec }) => ({
    preparation: [...(spec.vlans.length > 0 ? [vlans] : []), load, persist, prove],
    rehearsal: [],
    live: [],
    close: [],
  }),
  actions: [vlans, load, persist, prove],
  figures,
  returnPath: 'none',
  losesWithout: 'nothing',
  measures,
})

/** P3. Reads both gateways, and measures from every zone of both sites; nothing is changed. */
async function audit(about: AboutFirewall, io: ReadIo): Promise<FirewallFacts> {
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
