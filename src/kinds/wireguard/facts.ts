import { z } from 'zod'
import type { ReadIo } from '../../model/io.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { About } from '../kit/kind-parts.ts'
import { testKeyOf } from './admission.ts'
import { parseConfig } from './config/parse.ts'
import { type Looked, lookAt } from './config-file.ts'
import { type Gateway, gatewaysOf, testerOf } from './gateways.ts'
import { type Live, liveAt } from './interface.ts'
import { fingerprintOf, publicKeyOf } from './keys.ts'
import { stateOf } from './running.ts'
import { type WireguardSpec, wireguardSpec } from './spec.ts'
import { missingTools } from './tester/commands.ts'

/** A peer as a fact holds it: no key. `secondsSinceHandshake` is null for never since the gateway came up. */
const peer = z.object({
  name: z.string(),
  fingerprint: z.string(),
  allowed: z.array(z.string()),
  preshared: z.boolean(),
  endpoint: z.string().nullable(),
  secondsSinceHandshake: z.number().nullable(),
  isRunning: z.boolean(),
})
export type AuditedPeer = z.infer<typeof peer>

const yesOrNo = { unit: '', value: z.boolean() }
const port = { unit: '', value: z.number().nullable() }
const fingerprint = { unit: '', value: z.string() }
/** Null: the interface is not there. */
const perhapsFingerprint = { unit: '', value: z.string().nullable() }
/** `absent`: there is no such file. */
const sum = { unit: '', value: z.string() }
const mode = { unit: '', value: z.string().nullable() }
const names = { unit: '', value: z.array(z.string()) }
const peers = { unit: '', value: z.array(peer) }

/** `runningOnly`: fingerprints of peers that no file has. `tester.missing`: programs. Every identity is a fingerprint. */
const facts = {
  'source.installed': yesOrNo,
  'source.running': yesOrNo,
  'source.enabled': yesOrNo,
  'source.interfaceUp': yesOrNo,
  'source.port': port,
  'source.identity': perhapsFingerprint,
  'source.configSha256': sum,
  'source.configMode': mode,
  'source.configPort': port,
  'source.peers': peers,
  'source.runningOnly': names,
  'source.hooks': names,
  'source.savesItself': yesOrNo,
  'target.installed': yesOrNo,
  'target.running': yesOrNo,
  'target.enabled': yesOrNo,
  'target.interfaceUp': yesOrNo,
  'target.port': port,
  'target.identity': perhapsFingerprint,
  'target.configSha256': sum,
  'target.configMode': mode,
  'target.configPort': port,
  'target.peers': peers,
  'target.runningOnly': names,
  'target.hooks': names,
  'target.savesItself': yesOrNo,
  'plan.identity': fingerprint,
  'test.identity': fingerprint,
  'tester.missing': names,
} as const

export type WireguardFacts = { [Name in keyof typeof facts]?: z.infer<(typeof facts)[Name]['value']> }
export type AboutWireguard = About<WireguardSpec, WireguardFacts>

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const wireguard = kindOf('wireguard', wireguardSpec, facts)

/** Throws Failure when a host or a secret cannot be had. */
export async function audit(about: AboutWireguard, io: ReadIo): Promise<WireguardFacts> {
  const gateways = gatewaysOf(about)
  const [source, target, tester, missing] = await Promise.all([
    auditSide(gateways.source, io),
    auditSide(gateways.target, io),
    testKeyOf(gateways.source, io),
    io.read(testerOf(about).ssh, missingTools()),
  ])
  const { clients, privateKey, identity } = about.spec
  for (const { presharedKey } of Object.values(clients))
    if (presharedKey !== undefined) await io.secret(presharedKey)
  return {
    'source.installed': source.installed,
    'source.running': source.running,
    'source.enabled': source.enabled,
    'source.interfaceUp': source.interfaceUp,
    'source.port': source.port,
    'source.identity': source.identity,
    'source.configSha256': source.configSha256,
    'source.configMode': source.configMode,
    'source.configPort': source.configPort,
    'source.peers': source.peers,
    'source.runningOnly': source.runningOnly,
    'source.hooks': source.hooks,
    'source.savesItself': source.savesItself,
    'target.installed': target.installed,
    'target.running': target.running,
    'target.enabled': target.enabled,
    'target.interfaceUp': target.interfaceUp,
    'target.port': target.port,
    'target.identity': target.identity,
    'target.configSha256': target.configSha256,
    'target.configMode': target.configMode,
    'target.configPort': target.configPort,
    'target.peers': target.peers,
    'target.runningOnly': target.runningOnly,
    'target.hooks': target.hooks,
    'target.savesItself': target.savesItself,
    'test.identity': fingerprintOf(tester),
    'tester.missing': missing.stdout.split('\n').filter(Boolean),
    ...(identity === 'same' &&
      privateKey !== undefined && {
        'plan.identity': fingerprintOf(
          publicKeyOf(await io.secret(privateKey), `${about.component.id}.privateKey`),
        ),
      }),
  }
}

async function auditSide(at: Gateway, io: ReadIo) {
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

function auditedPeers(looked: Looked | undefined, live: Live | undefined, now: number): AuditedPeer[] {
  return parseConfig(looked?.text ?? '').peers.map(({ name, fingerprint, allowed, preshared }) => {
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
  })
}
