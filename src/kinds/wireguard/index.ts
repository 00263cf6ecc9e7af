import { prepareTarget } from './actions/prepare-target.ts'
import { profiles } from './actions/profiles.ts'
import { prove } from './actions/prove.ts'
import { retire } from './actions/retire.ts'
import { switchGateways } from './actions/switch.ts'
import { syncPeers } from './actions/sync-peers.ts'
import { testClient } from './actions/test-client.ts'
import { tryTarget } from './actions/try.ts'
import { audit } from './audit.ts'
import { wireguard } from './facts.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'

/** The VPN by which trainers reach what is internal: a gateway at each site, and clients that others keep. */
export const kind = wireguard.defineKind({
  messages,
  audit,
  findings,
  plan: ({ spec }) => ({
    preparation: spec.profiles ? [prepareTarget, profiles, testClient] : [prepareTarget, testClient],
    rehearsal: [tryTarget],
    live: [syncPeers, switchGateways, prove],
    close: [retire],
  }),
  actions: [prepareTarget, profiles, testClient, tryTarget, syncPeers, switchGateways, prove, retire],
  measures,
})
