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
      .describe(
        'Asked by HTTP; its name is connected to the backup’s address. Any answer of the gateway counts',
      ),
    port: z.int().min(1).max(65_535).optional().describe('Without `url`: a TCP or UDP port'),
    protocol: z
      .enum(['tcp', 'udp'])
      .default('tcp')
      .describe('UDP is not told from silence: only a refusal shows'),
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
          .describe('The source gateway’s interface that leads through the main line; default: as it routes'),
        address: address.describe('Answers echoes at the far end of the main line, and by no other way'),
      }),
    })
    .describe('The line that transfers use; while it is lost, those that can go on later are ended'),
  backup: z
    .strictObject({
      interface: interfaceName.describe('The target gateway’s interface on its backup line (4G)'),
      address: address.describe('The target gateway’s own address on the backup line'),
      declaredMbps: z.number().positive().describe('What it is sold as, in Mbit/s'),
      capMbps: z
        .number()
        .positive()
        .describe('What the sites may exchange over it, each way, in Mbit/s; people have the rest'),
    })
    .refine(({ declaredMbps, capMbps }) => capMbps < declaredMbps, 'line.spec.cap'),
  between: z
    .strictObject({ source: networks, target: networks })
    .describe('The sites’ own networks: what goes between them is held to the cap on the backup line'),
  askedFrom: vantageSpec.default('here'),
  services: z
    .array(service)
    .default([])
    .describe('What must answer at the backup’s own address, for the day the main line is lost'),
  port: z
    .int()
    .min(1024)
    .max(65_535)
    .default(5201)
    .describe('TCP port at the target gateway on which iperf3 listens while the backup is measured'),
})
export type LineSpec = z.infer<typeof lineSpec>
