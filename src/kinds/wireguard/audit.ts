import type { ReadIo } from '../../model/io.ts'
import { testKeyOf } from './admission.ts'
import { parseConfig } from './config/parse.ts'
import { type Looked, lookAt } from './config-file.ts'
import type { AboutWireguard, AuditedPeer, WireguardFacts } from './facts.ts'
import { type Gateway, gatewaysOf, testerOf } from './gateways.ts'
import { type Live, liveAt } from './interface.ts'
import { fingerprintOf, publicKeyOf } from './keys.ts'
import { stateOf } from './running.ts'
import { missingTools } from './tester/commands.ts'

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
