import { z } from 'zod'
import { kindOf } from '../kit/define-kind.ts'
import type { About } from '../kit/kind-parts.ts'
import { type WireguardSpec, wireguardSpec } from './spec.ts'

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
