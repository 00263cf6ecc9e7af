import { z } from 'zod'

const side = z.strictObject({
  host: z
    .string()
    .min(1)
    .describe('Name of a host of that side (`sites.<side>.hosts`), usually its gateway.'),
})

export const linkSpec = z.object({
  declaredMbps: z.number().positive().describe('What the link is sold as, in Mbit/s.'),
  source: side,
  target: side,
  samples: z
    .number()
    .int()
    .min(1)
    .max(20)
    .default(3)
    .describe('How often the bandwidth is measured in a row.'),
  secondsPerSample: z.number().min(1).max(60).default(2).describe('How long one measurement fills the link.'),
  port: z
    .number()
    .int()
    .min(1024)
    .max(65535)
    .default(5201)
    .describe('TCP port at the target host on which iperf3 listens while it measures.'),
  apart: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Hosts of both sites, by name, that need not reach each other across the link: PCs of an office, say.',
    ),
})
export type LinkSpec = z.infer<typeof linkSpec>
