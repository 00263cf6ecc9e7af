import { z } from 'zod'

/** A name server: by address, since a name would ask the very DNS that changes. */
export const server = z.strictObject({
  address: z
    .union([z.ipv4(), z.ipv6()], 'dns.spec.address')
    .describe('IP address: a name would ask the very DNS that changes'),
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
  .describe(
    'Another place where the provider’s API is reached: a proxy of your own, a test; default: the provider’s own',
  )
