import type { FigureForms } from '../../model/figure.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Measurement } from '../../model/kind.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { KeysOf, MessageKey, Sentences, Text } from '../../model/text.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { prepareTarget } from './actions/prepare-target.ts'
import { profiles } from './actions/profiles.ts'
import { anyDoor, failedOf, openDoor, type Proof, prove, testTunnel, tryTarget } from './actions/prove.ts'
import { retire } from './actions/retire.ts'
import { retireSource } from './actions/retire-source.ts'
import { switchGateways } from './actions/switch.ts'
import { syncPeers } from './actions/sync-peers.ts'
import { testClient } from './actions/test-client.ts'
import { testKeyOf } from './admission.ts'
import { shownPeer } from './clients/notes.ts'
import { parseConfig } from './config/parse.ts'
import { lookAt } from './config-file.ts'
import { discover } from './discover.ts'
import { audit, type WireguardFacts, wireguard } from './facts.ts'
import { findings } from './findings.ts'
import { type Gateway, gatewaysOf, type Vpn } from './gateways.ts'
import { addressOfEndpoint, type LivePeer, liveAt } from './interface.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import type { WireguardSpec } from './spec.ts'
import { tunnelLeadsTo } from './tester/ask.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

type Measure = TypedMeasure<WireguardSpec, WireguardFacts>

/** A tunnel in use renews its handshake every two minutes; after three nobody is there. */
const presentSeconds = 180

const keys: Record<Proof['what'], MessageKey> = {
  through: 'wireguard.measured.through',
  without: 'wireguard.measured.without',
  public: 'wireguard.measured.public',
}
const inText = ({ what, seen }: Proof): Text => ({ key: keys[what], values: { seen } })

/** Of three proofs (in through the tunnel, not without it, not from the public side), those that failed. */
const proofs = (title: MessageKey, side: SiteSide, statuses: readonly number[]): Measure => ({
  title,
  unit: '',
  expectedSeconds: 25,
  async measure(measuring, io) {
    const leadsTo = await tunnelLeadsTo(measuring, side, io)
    if (leadsTo === undefined)
      return {
        value: 1,
        figures: {},
        unverified: true,
        detail: [{ key: 'wireguard.measured.noTunnel', values: { site: measuring.plan.sites[side].title } }],
      }
    const tried = await testTunnel(measuring, side, statuses, io)
    const failed = failedOf(tried)
    return {
      value: failed.length,
      figures: { leadsTo, proofs: tried },
      ...(failed.length > 0 && { detail: failed.map(inText) }),
    }
  },
})

/** Peers that come to the target by way of the source's address, or have been at the source within three minutes. */
async function clientsStillAtSource(vpn: Vpn, io: ReadIo): Promise<Measurement> {
  const { source, target } = gatewaysOf(vpn)
  const [there, here, names, tester] = await Promise.all([
    peersAt(target, io),
    peersAt(source, io),
    namesAt(target, io),
    testKeyOf(target, io),
  ])
  const clients = (peers: { peer: LivePeer; secondsAgo: number | undefined }[]) =>
    peers.filter(({ peer }) => peer.publicKey !== tester)
  const name = ({ publicKey, fingerprint }: LivePeer) =>
    shownPeer({ name: names.get(publicKey) ?? `peer-${fingerprint.slice(0, 8)}`, fingerprint })
  const passedOn = clients(there)
    .filter(({ peer }) => peer.endpoint && addressOfEndpoint(peer.endpoint) === source.endpoint)
    .map(({ peer }) => name(peer))
  const atSource = clients(here)
    .filter(({ secondsAgo }) => secondsAgo !== undefined && secondsAgo < presentSeconds)
    .map(({ peer }) => name(peer))
  const neverSeen = clients(there)
    .filter(({ secondsAgo }) => secondsAgo === undefined)
    .map(({ peer }) => name(peer))
    .sort()
  const still = [...new Set([...passedOn, ...atSource])].sort()
  return {
    value: still.length,
    figures: { passedOn, atSource, neverSeenAtTarget: neverSeen },
    ...(still.length > 0 && {
      detail: [{ key: 'wireguard.measured.clients', values: { clients: still.slice(0, 5).join(', ') } }],
    }),
  }
}

/** The host's own clock: its handshakes are told by it. Empty where the interface is not there. */
async function peersAt(at: Gateway, io: ReadIo) {
  const live = await liveAt(at, io)
  const now = Number((await io.read(at.host.ssh, ['date', '+%s'])).stdout)
  return (live?.peers ?? []).map(peer => ({
    peer,
    secondsAgo: peer.handshakeAt === 0 ? undefined : Math.max(0, now - peer.handshakeAt),
  }))
}

async function namesAt(at: Gateway, io: ReadIo): Promise<Map<string, string>> {
  const { peers } = parseConfig((await lookAt(at, io))?.text ?? '')
  return new Map(peers.map(({ publicKey, name }) => [publicKey, name]))
}

const measures: Record<string, Measure> = {
  tunnelFailures: proofs('wireguard.measure.tunnelFailures', 'target', anyDoor),
  tunnelFailuresAtSource: proofs('wireguard.measure.tunnelFailuresAtSource', 'source', openDoor),
  dashboardFailures: proofs('wireguard.measure.dashboardFailures', 'target', openDoor),
  clientsStillAtSource: {
    title: 'wireguard.measure.clientsStillAtSource',
    unit: '',
    expectedSeconds: 3,
    measure: clientsStillAtSource,
  },
}

/** How they, and the figures of the steps' results, are shown. */
const figures: FigureForms = {
  leadsTo: { label: 'wireguard.figure.leadsTo' },
  dialled: { label: 'wireguard.figure.dialled' },
  implementation: { label: 'wireguard.figure.implementation' },
  address: { label: 'wireguard.figure.address' },
  peers: { label: 'wireguard.figure.peers' },
  identity: {
    label: 'wireguard.figure.identity',
    words: { same: 'wireguard.figure.identity.same', new: 'wireguard.figure.identity.new' },
  },
  configSha256: { label: 'wireguard.figure.configSha256' },
  beforeSha256: { label: 'wireguard.figure.beforeSha256' },
  profiles: { label: 'wireguard.figure.profiles' },
  files: { label: 'wireguard.figure.files' },
}

/** The VPN by which trainers reach what is internal: a gateway at each site, and clients that others keep. */
export const kind = wireguard.defineKind({
  messages,
  lackingRules: ['tester-tools'],
  discover,
  audit,
  steadyFacts: ['source.identity', 'source.configSha256', 'target.installed'],
  findings,
  plan: ({ spec }) => ({
    preparation: spec.profiles ? [prepareTarget, profiles, testClient] : [prepareTarget, testClient],
    rehearsal: [tryTarget],
    live: [syncPeers, switchGateways, prove],
    close: [retire, retireSource],
  }),
  actions: [
    prepareTarget,
    profiles,
    testClient,
    tryTarget,
    syncPeers,
    switchGateways,
    prove,
    retire,
    retireSource,
  ],
  figures,
  returnPath: 'none',
  losesWithout: 'nothing',
  measures,
})
