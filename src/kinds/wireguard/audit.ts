import type { Fact, Facts } from '../../model/fact.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { testKeyOf } from './admission.ts'
import { parseConfig } from './config/parse.ts'
import { type Looked, lookAt } from './config-file.ts'
import { type Gateway, gatewayAt, testerOf } from './gateways.ts'
import { type Live, liveAt } from './interface.ts'
import { fingerprintOf, publicKeyOf } from './keys.ts'
import { stateOf } from './running.ts'
import { missingTools } from './tester/commands.ts'

/** A peer as a fact holds it: no key. `secondsSinceHandshake` is null for never since the gateway came up. */
export type AuditedPeer = {
  name: string
  fingerprint: string
  allowed: string[]
  preshared: boolean
  endpoint: string | null
  secondsSinceHandshake: number | null
  isRunning: boolean
}

/**
 * Facts by `<side>.<name>`: installed, running, enabled, interfaceUp, port, identity (fingerprint), configSha256 (`absent`),
 * configMode, configPort, peers, runningOnly (fingerprints of peers that no file has), hooks, savesItself; `plan.identity` and
 * `test.identity` (fingerprints), `tester.missing` (programs). Throws Failure when a host or a secret cannot be had.
 */
export async function auditWireguard(
  component: Component,
  { plan }: PlanContext,
  io: ReadIo,
): Promise<Facts> {
  const source = gatewayAt(component, plan, 'source')
  const fact = (value: Json): Fact => ({ value, unit: '', at: io.now() })
  const [here, there, tester, missing] = await Promise.all([
    auditSide(source, io),
    auditSide(gatewayAt(component, plan, 'target'), io),
    testKeyOf(source, io),
    io.read(testerOf(component, plan).ssh, missingTools()),
  ])
  for (const { presharedKey } of Object.values(source.spec.clients))
    if (presharedKey !== undefined) await io.secret(presharedKey)
  const { privateKey, identity } = source.spec
  const facts: Record<string, Json> = {
    ...prefixed('source', here),
    ...prefixed('target', there),
    'test.identity': fingerprintOf(tester),
    'tester.missing': missing.stdout.split('\n').filter(Boolean),
  }
  if (identity === 'same' && privateKey !== undefined)
    facts['plan.identity'] = fingerprintOf(
      publicKeyOf(await io.secret(privateKey), `${component.id}.privateKey`),
    )
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, fact(value)]))
}

async function auditSide(at: Gateway, io: ReadIo): Promise<Record<string, Json>> {
  const [state, live, looked, clock] = await Promise.all([
    stateOf(at, io),
    liveAt(at, io),
    lookAt(at, io),
    io.read(at.host.ssh, ['date', '+%s']),
  ])
  const { peers, port, hooks, savesItself } = parseConfig(looked?.text ?? '')
  const inFile = new Set(peers.map(({ fingerprint }) => fingerprint))
  return {
    ...state,
    interfaceUp: live?.isUp ?? false,
    port: live?.port ?? null,
    identity: live ? fingerprintOf(live.publicKey) : null,
    configSha256: looked?.sha256 ?? 'absent',
    configMode: looked?.mode ?? null,
    configPort: port ?? null,
    peers: auditedPeers(looked, live, Number(clock.stdout)),
    runningOnly: (live?.peers ?? []).map(peer => peer.fingerprint).filter(one => !inFile.has(one)),
    hooks,
    savesItself,
  }
}

function auditedPeers(looked: Looked | undefined, live: Live | undefined, now: number): JsonObject[] {
  return parseConfig(looked?.text ?? '').peers.map(
    ({ name, fingerprint, allowed, preshared }): AuditedPeer => {
      const running = live?.peers.find(peer => peer.fingerprint === fingerprint)
      return {
        name,
        fingerprint,
        allowed,
        preshared,
        endpoint: running?.endpoint ?? null,
        secondsSinceHandshake: running?.handshakeAt ? Math.max(0, now - running.handshakeAt) : null,
        isRunning: running !== undefined,
      }
    },
  )
}

const prefixed = (side: string, facts: Record<string, Json>): Record<string, Json> =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${side}.${name}`, value]))
