import type { FindingLevel } from '../../model/fact.ts'
import type { MessageKey } from '../../model/text.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { forwarderOf, noteOf, shownPeer } from './clients/notes.ts'
import type { AboutWireguard, AuditedPeer, WireguardFacts } from './facts.ts'
import { type Gateway, gatewaysOf, testerOf } from './gateways.ts'
import { named } from './running.ts'

/** The sentence of each rule. */
const texts = {
  'source-listens': 'wireguard.finding.source-listens',
  'source-config-missing': 'wireguard.finding.source-config-missing',
  'source-down': 'wireguard.finding.source-down',
  'source-port': 'wireguard.finding.source-port',
  'source-not-managed': 'wireguard.finding.source-not-managed',
  'peers-in-memory-only': 'wireguard.finding.peers-in-memory-only',
  'other-key': 'wireguard.finding.other-key',
  'preshared-unknown': 'wireguard.finding.preshared-unknown',
  'config-open': 'wireguard.finding.config-open',
  hooks: 'wireguard.finding.hooks',
  'saves-itself': 'wireguard.finding.saves-itself',
  'target-missing': 'wireguard.finding.target-missing',
  'target-config': 'wireguard.finding.target-config',
  'tester-tools': 'wireguard.finding.tester-tools',
  'test-address-taken': 'wireguard.finding.test-address-taken',
  'clients-by-name': 'wireguard.finding.clients-by-name',
  'clients-by-name-covered': 'wireguard.finding.clients-by-name-covered',
  'clients-by-address': 'wireguard.finding.clients-by-address',
  'clients-by-address-covered': 'wireguard.finding.clients-by-address-covered',
  'clients-by-unknown': 'wireguard.finding.clients-by-unknown',
  'clients-by-unknown-covered': 'wireguard.finding.clients-by-unknown-covered',
  'clients-follow': 'wireguard.finding.clients-follow',
  'clients-need-profiles': 'wireguard.finding.clients-need-profiles',
} as const satisfies Record<string, MessageKey>
type Rule = keyof typeof texts

/** And what to do about it, where there is something to do. */
const remedies: { readonly [Name in Rule]?: MessageKey } = {
  'source-config-missing': 'wireguard.finding.source-config-missing.remedy',
  'source-down': 'wireguard.finding.source-down.remedy',
  'source-port': 'wireguard.finding.source-port.remedy',
  'source-not-managed': 'wireguard.finding.source-not-managed.remedy',
  'peers-in-memory-only': 'wireguard.finding.peers-in-memory-only.remedy',
  'other-key': 'wireguard.finding.other-key.remedy',
  'preshared-unknown': 'wireguard.finding.preshared-unknown.remedy',
  'config-open': 'wireguard.finding.config-open.remedy',
  hooks: 'wireguard.finding.hooks.remedy',
  'saves-itself': 'wireguard.finding.saves-itself.remedy',
  'target-missing': 'wireguard.finding.target-missing.remedy',
  'target-config': 'wireguard.finding.target-config.remedy',
  'tester-tools': 'wireguard.finding.tester-tools.remedy',
  'test-address-taken': 'wireguard.finding.test-address-taken.remedy',
  'clients-by-name': 'wireguard.finding.clients-by-name.remedy',
  'clients-by-name-covered': 'wireguard.finding.clients-by-name-covered.remedy',
  'clients-by-address': 'wireguard.finding.clients-by-address.remedy',
  'clients-by-address-covered': 'wireguard.finding.clients-by-address-covered.remedy',
  'clients-by-unknown': 'wireguard.finding.clients-by-unknown.remedy',
  'clients-by-unknown-covered': 'wireguard.finding.clients-by-unknown-covered.remedy',
  'clients-need-profiles': 'wireguard.finding.clients-need-profiles.remedy',
}

type Values = Record<string, string | number>
type Find = (rule: Rule, level: FindingLevel, values?: Values) => void

export function findings(about: AboutWireguard): Judgement[] {
  const { facts } = about
  if (Object.keys(facts).length === 0) return []
  const found: Judgement[] = []
  const finder =
    (at: Gateway): Find =>
    (rule, level, more = {}) => {
      const values = { ...named(at), unit: at.unit, ...more }
      const remedy = remedies[rule]
      found.push({
        rule,
        level,
        text: { key: texts[rule], values },
        ...(remedy && { remedy: { key: remedy, values } }),
      })
    }
  const { source, target } = gatewaysOf(about)
  sourceFindings(source, facts, finder(source))
  targetFindings(target, facts, finder(target))
  testFindings(about, finder(source))
  clientFindings(about, finder(source))
  return found
}

const clientsOf = (facts: WireguardFacts): AuditedPeer[] =>
  (facts['source.peers'] ?? []).filter(({ fingerprint }) => fingerprint !== facts['test.identity'])

function sourceFindings(at: Gateway, facts: WireguardFacts, find: Find): void {
  const peers = clientsOf(facts)
  if (facts['source.configSha256'] === 'absent') {
    find('source-config-missing', 'block')
    return
  }
  if (!facts['source.interfaceUp'])
    find('source-down', 'block', { state: facts['source.running'] ? 'running' : 'stopped' })
  else if (facts['source.port'] !== at.spec.port)
    find('source-port', 'block', { port: Number(facts['source.port']), expected: at.spec.port })
  else
    find('source-listens', 'ok', {
      peers: peers.length,
      port: at.spec.port,
      identity: String(facts['source.identity']),
    })
  if (!facts['source.installed']) find('source-not-managed', 'block')
  const strangers = (facts['source.runningOnly'] ?? []).filter(one => one !== facts['test.identity'])
  if (strangers.length > 0)
    find('peers-in-memory-only', 'block', { count: strangers.length, peers: strangers.map(short).join(', ') })
  const own = facts['plan.identity']
  if (own !== undefined && facts['source.identity'] !== null && own !== facts['source.identity'])
    find('other-key', 'block', { planned: String(own), identity: String(facts['source.identity']) })
  const unknown = peers.filter(peer => peer.preshared && noteOf(at.spec, peer).presharedKey === undefined)
  if (unknown.length > 0) find('preshared-unknown', 'block', { peers: unknown.map(shownPeer).join(', ') })
  if (!['600', '400'].includes(String(facts['source.configMode'])))
    find('config-open', 'warn', { mode: String(facts['source.configMode']) })
  const hooks = facts['source.hooks'] ?? []
  if (hooks.length > 0) find('hooks', 'warn', { hooks: [...new Set(hooks)].join(', ') })
  if (facts['source.savesItself']) find('saves-itself', 'block')
}

function targetFindings(at: Gateway, facts: WireguardFacts, find: Find): void {
  if (!facts['target.installed']) {
    find('target-missing', 'block')
    return
  }
  const identity = at.spec.identity === 'same' ? facts['source.identity'] : facts['target.identity']
  if (
    facts['target.configSha256'] !== 'absent' &&
    (facts['target.identity'] === null || facts['target.identity'] !== identity)
  )
    find('target-config', 'warn', { sha256: String(facts['target.configSha256']).slice(0, 16) })
}

function testFindings(about: AboutWireguard, find: Find): void {
  const tester = testerOf(about).ssh
  const missing = about.facts['tester.missing'] ?? []
  if (missing.length > 0) find('tester-tools', 'block', { tester, programs: missing.join(', ') })
  const { address } = about.spec.test
  const taken = clientsOf(about.facts).find(({ allowed }) => allowed.includes(address))
  if (taken) find('test-address-taken', 'block', { address, peer: shownPeer(taken) })
}

const alone = {
  name: 'clients-by-name',
  address: 'clients-by-address',
  unknown: 'clients-by-unknown',
} as const
const covered = {
  name: 'clients-by-name-covered',
  address: 'clients-by-address-covered',
  unknown: 'clients-by-unknown-covered',
} as const

/** WireGuard resolves a name once. What the gateway sees of a client is an address: only the plan can say which has a name. */
function clientFindings({ component, spec, facts, roles }: AboutWireguard, find: Find): void {
  if (spec.source.endpoint === spec.target.endpoint) return
  const peers = clientsOf(facts)
  const by = (reaches: string) =>
    peers.filter(peer => {
      const note = noteOf(spec, peer)
      return note.reaches === reaches && !note.resolvesAgain
    })
  const forwarder = forwarderOf(roles, spec)
  const values = (list: AuditedPeer[]) => ({
    count: list.length,
    peers: list.map(shownPeer).join(', '),
    forwarder: forwarder ?? '',
    endpoint: spec.source.endpoint,
    port: spec.port,
    directory: spec.profiles ? `${spec.profiles.directory}/${component.id}` : '',
  })
  const rules = forwarder === undefined ? alone : covered
  for (const reaches of ['name', 'address', 'unknown'] as const)
    if (by(reaches).length > 0) find(rules[reaches], 'warn', values(by(reaches)))
  const follow = peers.filter(peer => noteOf(spec, peer).resolvesAgain)
  if (follow.length > 0) find('clients-follow', 'ok', values(follow))
  if (spec.identity === 'new') find('clients-need-profiles', 'warn', values(peers))
}

const short = (fingerprint: string): string => fingerprint.slice(0, 8)
