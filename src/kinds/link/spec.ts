import { z } from 'zod'

const side = z.strictObject({
  host: z
    .string()
    .min(1)
    .describe('Name of a host of that side (`sites.<side>.hosts`), usually its gateway.'),
})

export const linkSpec = z.object({
  declaredMbps: z.number().positive().describe('Contractual bandwidth of the link, in Mbit/s.'),
  source: side,
  target: side,
  samples: z.number().int().min(1).max(20).default(3).describe('Number of bandwidth measurements.'),
  secondsPerSample: z.number().min(1).max(60).default(2).describe('Length of one measurement.'),
  port: z
    .number()
    .int()
    .min(1024)
    .max(65535)
    .default(5201)
    .describe('TCP port of iperf3 at the target host, during the measurement.'),
  apart: z
    .array(z.string().min(1))
    .default([])
    .describe('Hosts of both sites that need not reach each other over the link, such as PCs of an office.'),
})
export type LinkSpec = z.infer<typeof linkSpec>
