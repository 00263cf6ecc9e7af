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
      .describe('What people call it; its clients are counted under this name'),
    protocol: z.enum(['tcp', 'udp']),
    port: port.describe('Port that clients ask at the old address'),
    from: address.describe('The old public address: it stays on the old gateway, and passes on what comes'),
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
  forward: z.array(rule).min(1).describe('What the old addresses pass on after the switch'),
  acceptIn: z
    .array(chain)
    .default([])
    .describe(
      'The gateway’s own chains that drop what is forwarded: an accept rule is put first in each, and taken out by the undo. No table can accept what another drops',
    ),
  persist: z
    .strictObject({
      file: absolute.describe('Written when forwarding begins, removed by the undo'),
      includedBy: absolute
        .default('/etc/nftables.conf')
        .describe('The file the gateway’s boot loads; it must include the other (the audit looks)'),
    })
    .optional()
    .describe(
      'How forwarding outlives a restart of the gateway; left out: it does not, and a finding says so',
    ),
  askedFrom: vantageSpec
    .optional()
    .describe('Every TCP service is asked from there at its old address once it is forwarded'),
  lateMinutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .default(60)
    .describe('A client that came in the last so many minutes is late: it still uses the old address'),
  rememberDays: z.int().min(1).max(365).default(30).describe('How long a client that came is remembered'),
})
export type ForwarderSpec = z.infer<typeof forwarderSpec>
export type Rule = ForwarderSpec['forward'][number]
export type AcceptIn = ForwarderSpec['acceptIn'][number]
