import type { Kind } from '../../model/kind.ts'
import { prepareTarget } from './actions/prepare-target.ts'
import { profiles } from './actions/profiles.ts'
import { proveTunnel } from './actions/prove.ts'
import { retire } from './actions/retire.ts'
import { switchGateways } from './actions/switch.ts'
import { syncPeers } from './actions/sync-peers.ts'
import { testClient } from './actions/test-client.ts'
import { auditWireguard } from './audit.ts'
import { wireguardFindings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { planWireguard } from './plan.ts'
import { wireguardSpec } from './spec.ts'

/** The VPN by which trainers reach what is internal: a gateway at each site, and clients that others keep. */
export const kind: Kind = {
  kind: 'wireguard',
  spec: wireguardSpec,
  messages,
  audit: auditWireguard,
  findings: wireguardFindings,
  plan: planWireguard,
  actions: { prepareTarget, profiles, testClient, syncPeers, switchGateways, proveTunnel, retire },
  measures,
}
