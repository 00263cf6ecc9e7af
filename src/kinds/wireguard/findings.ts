import type { Facts, Finding, FindingLevel } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { composed } from '../../model/text.ts'
import type { AuditedPeer } from './audit.ts'
import { forwarderOf, noteOf, shownPeer } from './clients/notes.ts'
import { type Gateway, gatewayAt, testerOf } from './gateways.ts'
import { named } from './running.ts'

type Values = Record<string, string | number>
type Find = (id: string, level: FindingLevel, values?: Values) => void

export function wireguardFindings(component: Component, facts: Facts, context: PlanContext): Finding[] {
  if (Object.keys(facts).length === 0) return []
  const found: Finding[] = []
  const finder =
    (at: Gateway): Find =>
    (id, level, more = {}) => {
      const values = { ...named(at), unit: at.unit, ...more }
      const text = { key: composed(`wireguard.finding.${id}`), values }
      const remedy = { key: composed(`wireguard.finding.${id}.remedy`), values }
      found.push({ id, component: component.id, level, text, ...(level !== 'ok' && { remedy }) })
    }
  const source = gatewayAt(component, context.plan, 'source')
  const target = gatewayAt(component, context.plan, 'target')
  sourceFindings(source, facts, finder(source))
  targetFindings(target, facts, finder(target))
  testFindings(source, facts, context, finder(source))
  clientFindings(source, facts, context, finder(source))
  return found
}

const factOf = (facts: Facts, name: string) => facts[name]?.value
const words = (facts: Facts, name: string) => (factOf(facts, name) ?? []) as string[]
const peersOf = (facts: Facts, side: string, tester: unknown) =>
  ((factOf(facts, `${side}.peers`) ?? []) as AuditedPeer[]).filter(
    ({ fingerprint }) => fingerprint !== tester,
  )

function sourceFindings(at: Gateway, facts: Facts, find: Find): void {
  const of = (name: string) => factOf(facts, `source.${name}`)
  const tester = factOf(facts, 'test.identity')
  const peers = peersOf(facts, 'source', tester)
  if (of('configSha256') === 'absent') {
    find('source-config-missing', 'block')
    return
  }
  if (!of('interfaceUp')) find('source-down', 'block', { state: of('running') ? 'running' : 'stopped' })
  else if (of('port') !== at.spec.port)
    find('source-port', 'block', { port: Number(of('port')), expected: at.spec.port })
  else
    find('source-listens', 'ok', {
      peers: peers.length,
      port: at.spec.port,
      identity: String(of('identity')),
    })
  if (!of('installed')) find('source-not-managed', 'block')
  const strangers = words(facts, 'source.runningOnly').filter(one => one !== tester)
  if (strangers.length > 0)
    find('peers-in-memory-only', 'block', { count: strangers.length, peers: strangers.map(short).join(', ') })
  const own = factOf(facts, 'plan.identity')
  if (own !== undefined && of('identity') !== null && own !== of('identity'))
    find('other-key', 'block', { planned: String(own), identity: String(of('identity')) })
  const unknown = peers.filter(peer => peer.preshared && noteOf(at.spec, peer).presharedKey === undefined)
  if (unknown.length > 0) find('preshared-unknown', 'block', { peers: unknown.map(shownPeer).join(', ') })
  if (!['600', '400'].includes(String(of('configMode'))))
    find('config-open', 'warn', { mode: String(of('configMode')) })
  const hooks = words(facts, 'source.hooks')
  if (hooks.length > 0) find('hooks', 'warn', { hooks: [...new Set(hooks)].join(', ') })
  if (of('savesItself')) find('saves-itself', 'block')
}

function targetFindings(at: Gateway, facts: Facts, find: Find): void {
  const of = (name: string) => factOf(facts, `target.${name}`)
  if (!of('installed')) {
    find('target-missing', 'block')
    return
  }
  const identity = at.spec.identity === 'same' ? factOf(facts, 'source.identity') : of('identity')
  if (of('configSha256') !== 'absent' && (of('identity') === null || of('identity') !== identity))
    find('target-config', 'warn', { sha256: String(of('configSha256')).slice(0, 16) })
}

function testFindings(at: Gateway, facts: Facts, { plan }: PlanContext, find: Find): void {
  const tester = testerOf({ id: at.component, spec: at.spec } as unknown as Component, plan).ssh
  const missing = words(facts, 'tester.missing')
  if (missing.length > 0) find('tester-tools', 'block', { tester, programs: missing.join(', ') })
  const { address } = at.spec.test
  const taken = peersOf(facts, 'source', factOf(facts, 'test.identity')).find(({ allowed }) =>
    allowed.includes(address),
  )
  if (taken) find('test-address-taken', 'block', { address, peer: shownPeer(taken) })
}

/** WireGuard resolves a name once. What the gateway sees of a client is an address: only the plan can say which has a name. */
function clientFindings(at: Gateway, facts: Facts, { plan }: PlanContext, find: Find): void {
  const { spec } = at
  if (spec.source.endpoint === spec.target.endpoint) return
  const peers = peersOf(facts, 'source', factOf(facts, 'test.identity'))
  const by = (reaches: string) =>
    peers.filter(peer => {
      const note = noteOf(spec, peer)
      return note.reaches === reaches && !note.resolvesAgain
    })
  const forwarder = forwarderOf(plan, spec)
  const values = (list: AuditedPeer[]) => ({
    count: list.length,
    peers: list.map(shownPeer).join(', '),
    forwarder: forwarder ?? '',
    endpoint: spec.source.endpoint,
    port: spec.port,
    directory: spec.profiles ? `${spec.profiles.directory}/${at.component}` : '',
  })
  const covered = forwarder === undefined ? '' : '.covered'
  for (const reaches of ['name', 'address', 'unknown'])
    if (by(reaches).length > 0) find(`clients-by-${reaches}${covered}`, 'warn', values(by(reaches)))
  const follow = peers.filter(peer => noteOf(spec, peer).resolvesAgain)
  if (follow.length > 0) find('clients-follow', 'ok', values(follow))
  if (spec.identity === 'new') find('clients-need-profiles', 'warn', values(peers))
}

const short = (fingerprint: string): string => fingerprint.slice(0, 8)
