import { z } from 'zod'
import { secretReference } from '../kit/fields.ts'
import { managerSpec, withoutManager } from '../kit/managers.ts'
import { loadSpec, probesSpec } from './probe-spec.ts'

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'service.spec.url' })
  .refine(url => !url.endsWith('/'), 'service.spec.urlSlash')

const side = z.strictObject({
  host: z
    .string()
    .optional()
    .describe('Key of the site’s hosts: where the service runs; may be omitted with `manager: none`'),
  url: httpUrl.describe('URL of the service at this site without DNS, behind the maintenance page'),
})
const edgeAddress = z.strictObject({
  address: z.string().min(1),
  port: z.int().min(1).max(65_535).optional().describe('Default: the port of publicUrl'),
})

const fields = z.strictObject({
  source: side,
  target: side,
  manager: managerSpec,
  log: z
    .string()
    .regex(/^\//, 'service.spec.absolute')
    .optional()
    .describe('Log file shown if the service does not start; default: the service manager’s log'),
  publicUrl: httpUrl.describe(
    'URL that users type; tested at each site’s reverse proxy before the DNS change',
  ),
  maintenance: z.strictObject({
    host: z
      .string()
      .describe('Key of the site’s hosts: the reverse proxy that answers publicUrl (both sites)'),
    file: z
      .string()
      .regex(/^\//, 'service.spec.absolute')
      .describe('While this file exists, the reverse proxy shows the maintenance page'),
    status: z.int().min(400).max(599).default(503).describe('HTTP status of the maintenance page'),
    edge: z
      .strictObject({ source: edgeAddress, target: edgeAddress })
      .optional()
      .describe('Address at which each site answers publicUrl; default: the address of the maintenance host'),
  }),
  health: z
    .strictObject({
      path: z.string().regex(/^\//, 'service.spec.absolute'),
      status: z.int().min(100).max(599).default(200),
    })
    .describe('Request that tells whether the service is healthy'),
  startSeconds: z
    .number()
    .positive()
    .max(3600)
    .default(60)
    .describe('Longest time from the start until the service is healthy, in seconds'),
  stopSeconds: z
    .number()
    .positive()
    .max(3600)
    .default(30)
    .describe('Longest time of a clean stop (pending requests are finished), in seconds'),
  secrets: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'service.spec.name'), secretReference())
    .optional()
    .describe('Secret references for the probes, used as {{secret.name}} in headers and json'),
  probes: probesSpec.default([]),
  load: loadSpec.optional().describe('Load test from the control host to the service’s url'),
})

export const serviceSpec = fields.superRefine(({ manager, ...sides }, context) => {
  if (manager === withoutManager) return
  for (const side of ['source', 'target'] as const)
    if (sides[side].host === undefined)
      context.addIssue({
        code: 'invalid_type',
        expected: 'string',
        message: 'service.spec.host',
        path: [side, 'host'],
        input: undefined,
      })
})
export type ServiceSpec = z.infer<typeof serviceSpec>
