import { z } from 'zod'
import type { ServerAddress } from '../fields.ts'
import { cloudflare, cloudflareSpec } from './cloudflare.ts'
import { gandi, gandiSpec } from './gandi.ts'
import { ovh } from './ovh.ts'
import { ovhSpec } from './ovh-client.ts'
import { powerdns, powerdnsSpec } from './powerdns.ts'
import type { DnsProvider } from './provider.ts'
import { rfc2136, rfc2136Spec } from './rfc2136.ts'

/** How the zone is changed; a plan without `provider` is one for rfc2136. */
export const updateSpec = z.discriminatedUnion('provider', [
  rfc2136Spec,
  powerdnsSpec,
  ovhSpec,
  gandiSpec,
  cloudflareSpec,
])
type Update = z.infer<typeof updateSpec>

/** By the name a plan gives in `update.provider`. Another provider is another entry here and in `updateSpec`. */
const drivers: {
  [Name in Update['provider']]: (update: Extract<Update, { provider: Name }>) => DnsProvider
} = { rfc2136, powerdns, ovh, gandi, cloudflare }

export const providerOf = ({ update }: { update: Update }): DnsProvider =>
  (drivers[update.provider] as (update: Update) => DnsProvider)(update)

/** The authoritative server that shows a change first: there the records are read before they are changed. */
export function primaryOf(spec: { update: Update; servers: ServerAddress[] }): ServerAddress {
  const primary = providerOf(spec).primary ?? spec.servers[0]
  if (primary === undefined) throw new TypeError('a plan names one authoritative server at least')
  return primary
}
