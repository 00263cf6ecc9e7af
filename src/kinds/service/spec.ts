import { z } from 'zod'
import { secretReference } from '../kit/fields.ts'
import { managerSpec, unitName, withoutManager } from '../kit/managers.ts'
import { loadSpec, probesSpec } from './probe-spec.ts'

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'service.spec.url' })
  .refine(url => !url.endsWith('/'), 'service.spec.urlSlash')

const side = z.strictObject({
  host: z
    .string()
    .optional()
    .describe(
      'Key of the site’s hosts: where the service runs; may be omitted with `manager: none` and an HTTP health request',
    ),
  url: httpUrl
    .optional()
    .describe(
      'URL of the service at this site without DNS, behind the maintenance page; required with an HTTP health request',
    ),
})
const edgeAddress = z.strictObject({
  address: z.string().min(1),
  port: z.int().min(1).max(65_535).optional().describe('Default: the port of publicUrl'),
})

const absolute = () => z.string().regex(/^\//, 'service.spec.absolute')
const httpHealth = z.strictObject({
  path: absolute().describe('Path of an HTTP request to `url`'),
  status: z.int().min(100).max(599).default(200).describe('HTTP status of a healthy service'),
})
const commandHealth = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .describe('Program and arguments, run at the service’s host without a shell; exit code 0: healthy'),
  timeoutSeconds: z.int().min(1).max(300).default(10).describe('Longest time of the command, in seconds'),
})
const portHealth = z.strictObject({
  port: z.int().min(1).max(65_535).describe('TCP port that a healthy service opens, tried from its host'),
  address: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.:-]*$|^::[A-Za-z0-9.:]*$/, 'service.spec.address')
    .optional()
    .describe('Address of the port; default: the host’s `address`'),
})
const unitHealth = z.literal('unit')

const maintenance = z.strictObject({
  host: z.string().describe('Key of the site’s hosts: the reverse proxy that answers publicUrl (both sites)'),
  file: absolute().describe('While this file exists, the reverse proxy shows the maintenance page'),
  status: z.int().min(400).max(599).default(503).describe('HTTP status of the maintenance page'),
  edge: z
    .strictObject({ source: edgeAddress, target: edgeAddress })
    .optional()
    .describe('Address at which each site answers publicUrl; default: the address of the maintenance host'),
})

const written = z.strictObject({
  source: side,
  target: side,
  manager: managerSpec,
  alsoStop: z
    .array(unitName)
    .min(1)
    .refine(units => new Set(units).size === units.length, 'service.spec.unitTwice')
    .optional()
    .describe(
      'Other units of the same manager that could start it (sockets, timers, paths): stopped and blocked with it at the source, started with it at the target as they were at the source',
    ),
  log: absolute()
    .optional()
    .describe('Log file shown if the service does not start; default: the service manager’s log'),
  publicUrl: httpUrl
    .optional()
    .describe(
      'URL that users type; tested at each site’s reverse proxy before the DNS change; required with an HTTP health request',
    ),
  maintenance: maintenance
    .optional()
    .describe('Maintenance page in front of it; required with an HTTP health request'),
  health: z
    .union([httpHealth, commandHealth, portHealth, unitHealth])
    .describe(
      'What tells whether the service is healthy: an HTTP request, a command, a TCP port, or `unit`: the manager says that it runs and does not restart',
    ),
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

export type Written = z.infer<typeof written>
type Refuse = (path: string[], message: string) => void

/** Fields as a plan has them, flat. What goes with which health is judged here, and held by the types of `modelled`. */
export const serviceSpec = written.superRefine((fields, context) => {
  const miss: Refuse = (path, message) =>
    context.addIssue({ code: 'invalid_type', expected: 'string', message, path, input: undefined })
  const refuse: Refuse = (path, message) => context.addIssue({ code: 'custom', message, path })
  const isHttp = typeof fields.health === 'object' && 'path' in fields.health
  if (isHttp) missingForHttp(fields, miss)
  else withoutHttp(fields, refuse)
  const isManaged = fields.manager !== withoutManager
  for (const side of sides)
    if ((isManaged || !isHttp) && fields[side].host === undefined)
      miss([side, 'host'], isHttp ? 'service.spec.host' : 'service.spec.ownHost')
  if (isManaged) {
    if (fields.alsoStop?.includes(Object.values(fields.manager)[0] ?? ''))
      refuse(['alsoStop'], 'service.spec.unitTwice')
    return
  }
  if (fields.health === 'unit') refuse(['health'], 'service.spec.unitNeedsManager')
  if (fields.alsoStop !== undefined) refuse(['alsoStop'], 'service.spec.alsoStopNeedsManager')
})

const sides = ['source', 'target'] as const

function missingForHttp(fields: Written, miss: Refuse): void {
  for (const side of sides) if (fields[side].url === undefined) miss([side, 'url'], 'service.spec.url')
  if (fields.publicUrl === undefined) miss(['publicUrl'], 'service.spec.url')
  if (fields.maintenance === undefined) miss(['maintenance'], 'service.spec.maintenance')
}

function withoutHttp(fields: Written, refuse: Refuse): void {
  for (const side of sides)
    if (fields[side].url !== undefined) refuse([side, 'url'], 'service.spec.onlyWithHttp')
  for (const field of ['publicUrl', 'maintenance', 'load', 'secrets'] as const)
    if (fields[field] !== undefined) refuse([field], 'service.spec.onlyWithHttp')
  if (fields.probes.length > 0) refuse(['probes'], 'service.spec.onlyWithHttp')
}
