import type { DnsProvider } from './provider.ts'
import { rfc2136 } from './rfc2136/provider.ts'

/** By the name a plan gives in `update.provider`. */
export const providers = { rfc2136 } satisfies Record<string, DnsProvider>
export const providerNames = Object.keys(providers) as (keyof typeof providers)[]
