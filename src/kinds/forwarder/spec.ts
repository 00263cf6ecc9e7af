import { z } from 'zod'
import { isIpv6 } from '../../model/address.ts'
import { vantageSpec } from '../kit/vantage.ts'

const address = z.union([z.ipv4(), z.ipv6()], 'forwarder.spec.address')
const port = z.int().min(1).max(65_535)
const absolute = z.string().regex(/^\/[^\s"]+$/, 'forwarder.spec.absolute')

const rule = z
  .strictObject({
    service: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'forwarder.spec.service')
      .describe('Displayed name; its clients are counted under this name'),
    protocol: z.enum(['tcp', 'udp']),
    port: port.describe('Port of the service at the old address'),
    from: address.describe('The old public address; it stays on the old gateway, which forwards its traffic'),
    to: address.describe('The new public address'),
    toPort: port.optional().describe('Default: the same port'),
  })
  .refine(({ from, to }) => isIpv6(from) === isIpv6(to), 'forwarder.spec.family')

const chain = z.strictObject({
  table: z
    .string()
    .regex(/^(ip|ip6|inet) [A-Za-z][\w/.-]*$/, 'forwarder.spec.table')
    .describe('Family and name, e.g. `inet filter`'),
  chain: z.string().regex(/^[A-Za-z][\w/.-]*$/, 'forwarder.spec.chain'),
})

export const forwarderSpec = z.strictObject({
  source: z.strictObject({
    host: z
      .string()
      .min(1)
      .describe('Key of the source site’s hosts: the gateway that has the old addresses'),
  }),
  forward: z.array(rule).min(1).describe('Services that the old addresses forward after the switch'),
  acceptIn: z
    .array(chain)
    .default([])
    .describe(
      'Chains of the gateway that drop forwarded traffic. Bascule inserts an accept rule at the start of each; the undo removes it',
    ),
  persist: z
    .strictObject({
      file: absolute.describe('File written when forwarding starts; the undo removes it'),
      includedBy: absolute
        .default('/etc/nftables.conf')
        .describe('File that the gateway loads at boot; it must include `file` (the audit checks)'),
    })
    .optional()
    .describe(
      'How forwarding survives a restart of the gateway; default: it does not, and a finding reports it',
    ),
  askedFrom: vantageSpec
    .optional()
    .describe('Host from which every TCP service is tested at its old address once it is forwarded'),
  lateMinutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .default(60)
    .describe('A client seen within this time still uses the old address (a late client), in minutes'),
  rememberDays: z.int().min(1).max(365).default(30).describe('How long a client stays listed, in days'),
})
export type ForwarderSpec = z.infer<typeof forwarderSpec>
export type Rule = ForwarderSpec['forward'][number]
export type AcceptIn = ForwarderSpec['acceptIn'][number]
