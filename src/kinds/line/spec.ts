import { z } from 'zod'
import { vantageSpec } from '../kit/vantage.ts'

const address = z.union([z.ipv4(), z.ipv6()], 'line.spec.address')
const network = z.union([z.cidrv4(), z.cidrv6()], 'line.spec.network')
const networks = z.array(network).min(1)
const interfaceName = z.string().regex(/^[A-Za-z0-9_.@-]{1,15}$/, 'line.spec.interface')
const gateway = (site: string) =>
  z.strictObject({ host: z.string().min(1).describe(`Key of the ${site} site’s hosts: its gateway`) })

const service = z
  .strictObject({
    name: z.string().min(1),
    url: z
      .url({ protocol: /^https?$/, error: 'line.spec.url' })
      .optional()
      .describe('Requested by HTTP at the backup line’s address. Any answer of the gateway counts'),
    port: z.int().min(1).max(65_535).optional().describe('Without `url`: a TCP or UDP port'),
    protocol: z
      .enum(['tcp', 'udp'])
      .default('tcp')
      .describe('`udp`: an open port cannot be distinguished from a silent one; only a refusal is detected'),
  })
  .refine(({ url, port }) => (url === undefined) !== (port === undefined), 'line.spec.urlOrPort')

export const lineSpec = z.strictObject({
  source: gateway('source'),
  target: gateway('target'),
  main: z
    .strictObject({
      interfaces: z
        .array(interfaceName)
        .min(1)
        .describe('The target gateway’s interfaces on its main line (the fibre)'),
      probe: z.strictObject({
        interface: interfaceName
          .optional()
          .describe('Interface of the source gateway towards the main line; default: by its routes'),
        address: address.describe('Address that answers ICMP echoes through the main line only'),
      }),
    })
    .describe('Main line, used by transfers; while it is lost, transfers that can resume are paused'),
  backup: z
    .strictObject({
      interface: interfaceName.describe('The target gateway’s interface on its backup line (4G)'),
      address: address.describe('The target gateway’s own address on the backup line'),
      declaredMbps: z.number().positive().describe('Contractual bandwidth, in Mbit/s'),
      capMbps: z
        .number()
        .positive()
        .describe('Bandwidth limit between the sites over it, each way, in Mbit/s; users get the rest'),
    })
    .refine(({ declaredMbps, capMbps }) => capMbps < declaredMbps, 'line.spec.cap'),
  between: z
    .strictObject({ source: networks, target: networks })
    .describe('Networks of the sites: traffic between them is limited on the backup line'),
  askedFrom: vantageSpec.default('here'),
  services: z
    .array(service)
    .default([])
    .describe('Services that must answer at the backup line’s own address'),
  port: z
    .int()
    .min(1024)
    .max(65_535)
    .default(5201)
    .describe('TCP port of iperf3 at the target gateway, during the measurement of the backup line'),
})
export type LineSpec = z.infer<typeof lineSpec>
