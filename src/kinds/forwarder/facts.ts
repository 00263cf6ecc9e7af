import { z } from 'zod'
import { kindOf } from '../kit/define-kind.ts'
import type { About } from '../kit/kind-parts.ts'
import { type ForwarderSpec, forwarderSpec } from './spec.ts'

const names = { unit: '', value: z.array(z.string()) }
const yesOrNo = { unit: '', value: z.boolean() }
const whose = z.enum(['ours', 'foreign'])

/** One client at one old address and service, and when it last came. */
const client = z.object({
  client: z.string(),
  service: z.string(),
  packets: z.number(),
  bytes: z.number(),
  secondsAgo: z.number(),
})
/** `connections`: those forwarded since the counts began. */
const serviceCount = z.object({
  connections: z.number(),
  clients: z.number(),
  secondsAgo: z.number().nullable(),
})
export type Client = z.infer<typeof client>
export type ServiceCount = z.infer<typeof serviceCount>

/**
 * What the old gateway would do to what is forwarded, and who has come once it is (the last three). Nothing but `missing` where
 * a program is not installed.
 */
const facts = {
  missing: names,
  table: { unit: '', value: z.enum(['none', ...whose.options]) },
  forwardingOff: names,
  addressesNotThere: names,
  droppingChains: { unit: '', value: z.array(z.object({ table: z.string(), chain: z.string() })) },
  acceptInMissing: names,
  earlierRedirects: names,
  legacyTables: names,
  /** Null when nothing is to be kept. */
  includedAtBoot: { unit: '', value: z.boolean().nullable() },
  keptFile: { unit: '', value: z.enum(['nothing', ...whose.options]) },
  directoryMissing: yesOrNo,
  unreachable: names,
  sinceSeconds: { unit: 's', value: z.number() },
  services: { unit: '', value: z.record(z.string(), serviceCount) },
  clients: { unit: '', value: z.array(client) },
} as const

export type ForwarderFacts = { [Name in keyof typeof facts]?: z.infer<(typeof facts)[Name]['value']> }
export type AboutForwarder = About<ForwarderSpec, ForwarderFacts>

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const forwarder = kindOf('forwarder', forwarderSpec, facts)
