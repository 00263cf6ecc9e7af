import { z } from 'zod'

const hosts = z.array(z.string().min(1)).min(1)

export const authoritySpec = z.strictObject({
  hosts: z
    .strictObject({ source: hosts, target: hosts })
    .optional()
    .describe('Hosts of each site that record the site in authority; default: all of them'),
})
export type AuthoritySpec = z.infer<typeof authoritySpec>
