import { z } from 'zod'
import { kindOf } from '../kit/define-kind.ts'
import type { About } from '../kit/kind-parts.ts'
import { adminConnection } from './admin-connection.ts'
import { type NftablesSpec, nftablesSpec } from './spec.ts'
import { obstacleKinds } from './vlan/bridge.ts'

/** What the audit keeps of a gateway. Empty texts stand for what is not there. */
const gateway = z.object({
  nft: z.string(),
  bash: z.boolean(),
  rulesetSha256: z.string(),
  rulesetBytes: z.number(),
  tables: z.array(z.string()),
  droppingElsewhere: z.array(z.object({ table: z.string(), chain: z.string(), hook: z.string() })),
  legacyTables: z.array(z.string()),
  forwarding: z.boolean(),
  bridgedIsFiltered: z.boolean(),
  interfaces: z.array(z.string()),
  /** But for the loopback's. */
  addresses: z.array(z.object({ interface: z.string(), address: z.string() })),
  /** `enabled`, `disabled`…, where systemd is asked; empty elsewhere. */
  bootService: z.string(),
  bootFileSha256: z.string(),
  wayIn: adminConnection.nullable(),
  letsIn: z.boolean(),
  /** Why the ruleset could not be put back as it is; only of the target. */
  notRestorable: z.string(),
  /** ISO instant at which the gateway took a load back by itself. */
  takenBack: z.string(),
  obstacles: z.array(z.object({ vlan: z.string(), key: z.enum(obstacleKinds), what: z.string() })),
  /** VLANs that are there, and that a restart of the gateway would lose. */
  passing: z.array(z.string()),
})
export type SeenGateway = z.infer<typeof gateway>

/** A gateway as it was delivered lets hundreds of flows through: all are counted, the first are kept. */
const flows = z.object({ count: z.number(), first: z.array(z.string()) })
export type Flows = z.infer<typeof flows>
const flowsBySide = z.object({ source: flows, target: flows })

const facts = {
  source: { unit: '', value: gateway },
  target: { unit: '', value: gateway },
  tried: { unit: '', value: z.number() },
  wronglyOpen: { unit: '', value: flowsBySide },
  wronglyClosed: { unit: '', value: flowsBySide },
  sitesDifferent: { unit: '', value: flows },
  absent: { unit: '', value: z.array(z.string()) },
  unseen: { unit: '', value: z.array(z.string()) },
} as const

export type FirewallFacts = { [Name in keyof typeof facts]?: z.infer<(typeof facts)[Name]['value']> }
export type AboutFirewall = About<NftablesSpec, FirewallFacts>

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const nftables = kindOf('nftables', nftablesSpec, facts)
