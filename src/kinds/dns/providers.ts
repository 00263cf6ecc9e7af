import { cloudflare } from './cloudflare/provider.ts'
import type { ServerAddress } from './fields.ts'
import { gandi } from './gandi/provider.ts'
import { ovh } from './ovh/provider.ts'
import { powerdns } from './powerdns/provider.ts'
import type { DnsProvider } from './provider.ts'
import { rfc2136 } from './rfc2136/provider.ts'
import type { DnsSpec } from './spec.ts'

type Update = DnsSpec['update']
type Name = Update['provider']

/** By the name a plan gives in `update.provider`. Another way to change a zone is another entry, and its part of `spec.ts`. */
const drivers: { [Each in Name]: (update: Extract<Update, { provider: Each }>) => DnsProvider } = {
  rfc2136,
  powerdns,
  ovh,
  gandi,
  cloudflare,
}

export const providerOf = ({ update }: DnsSpec): DnsProvider =>
  (drivers[update.provider] as (update: Update) => DnsProvider)(update)

/** The authoritative server that shows a change first: there the records are read before they are changed. */
export function primaryOf(spec: DnsSpec): ServerAddress {
  const primary = providerOf(spec).primary ?? spec.servers[0]
  if (primary === undefined) throw new TypeError('a plan names one authoritative server at least')
  return primary
}
