import { z } from 'zod'
import en from './messages/en.json' with { type: 'json' }

const label = '[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?'
/** RFC 1123 labels, underscores for service names; a final dot makes a name absolute; @ is the zone itself. */
export const namePattern = `(@|${label}(\\.${label})*\\.?)`
export const dnsName = z.string().regex(new RegExp(`^${namePattern}$`), 'dns.spec.name')

/** A name server: by address, since a name would ask the very DNS that changes. */
export const server = z.strictObject({
  address: z
    .union([z.ipv4(), z.ipv6()], 'dns.spec.address')
    .describe('IP address: a name would depend on the DNS that changes'),
  port: z.int().min(1).max(65_535).default(53),
})
export type ServerAddress = z.infer<typeof server>

/** Where an API is. A path may follow; no final slash, since paths are put behind it. */
export const apiUrl = z
  .url({ protocol: /^https?$/, error: 'dns.spec.url' })
  .refine(url => !url.endsWith('/'), 'dns.spec.url')

/** Where a cloud's API is, for those who reach it another way, and for tests. */
export const endpoint = apiUrl
  .optional()
  .describe('Other URL of the provider’s API, such as a proxy; default: the provider’s own')

/** What a provider says of itself as unproven, for the reference page, which is English. */
export const inEnglish = ({ key, values }: { key: 'dns.unproven'; values: { service: string } }): string =>
  en[key].replace('{{service}}', values.service).replace(/\.$/, '')
