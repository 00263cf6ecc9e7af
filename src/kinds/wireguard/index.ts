import type { KeysOf, Sentences } from '../../model/text.ts'
import { prepareTarget } from './actions/prepare-target.ts'
import { profiles } from './actions/profiles.ts'
import { prove, tryTarget } from './actions/prove.ts'
import { switchGateways } from './actions/switch.ts'
import { syncPeers } from './actions/sync-peers.ts'
import { retire, testClient } from './actions/test-client.ts'
import { audit, wireguard } from './facts.ts'
import { findings } from './findings.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

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
  figures,
  measures,
})
