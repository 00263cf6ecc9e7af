import { z } from 'zod'

/** A name between `{{` and `}}` of a path, a header or a body. */
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'service.spec.name')
const pointer = z.string().regex(/^(\/.*)?$/, 'service.spec.pointer')
const template = z.string().min(1)

const expectedValue = z.union([z.string(), z.number(), z.boolean(), z.null()])

const expectation = z.strictObject({
  status: z.int().min(100).max(599).default(200).describe('Expected HTTP status'),
  text: template.optional().describe('Text that the body must contain; may hold {{values}}'),
  json: z
    .record(pointer, expectedValue)
    .optional()
    .describe('JSON pointers into the body and the value each must have; a text may hold {{values}}'),
  present: z
    .array(pointer)
    .optional()
    .describe('JSON pointers to values that must exist: not null, not an empty text or list'),
})

const each = z
  .record(name, z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*(\/.*)?$/, 'service.spec.list'))
  .refine(value => Object.keys(value).length === 1, 'service.spec.each')

const probeSpec = z.strictObject({
  name: z.string().min(1).describe('Name shown when it fails, e.g. "log in as the test account"'),
  component: z
    .string()
    .optional()
    .describe(
      'Component that is requested at the same site (its kind must have a url); default: the component itself',
    ),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  path: template
    .refine(path => !path.includes('{{secret.'), 'service.spec.secretInPath')
    .describe('Path on the service, or a whole URL under the component’s publicUrl; may hold {{values}}'),
  headers: z.record(z.string(), template).optional().describe('Request headers; may hold {{values}}'),
  json: z.json().optional().describe('Body, sent as JSON; its texts may contain {{values}}'),
  each: each
    .optional()
    .describe(
      'Send the request once for each item of a captured list, under this name, e.g. {course: courses}',
    ),
  expect: expectation.prefault({}),
  capture: z
    .record(name, pointer)
    .optional()
    .describe('Names for parts of the JSON body; with `each`, the parts of all answers form one list'),
  timeoutSeconds: z.number().positive().max(300).default(10),
})
export const probesSpec = z
  .array(probeSpec)
  .describe('Functional requests in order; later ones use what earlier ones captured')

export const loadSpec = z.strictObject({
  path: template.describe('Path requested repeatedly; may contain {{values}} captured by the probes'),
  headers: z.record(z.string(), template).optional().describe('Request headers; may hold {{values}}'),
  simultaneous: z.int().min(1).max(10_000).default(100).describe('Connections open at once (users)'),
  seconds: z.int().min(1).max(600).default(5).describe('Length of the load test, in seconds'),
  requestsPerSecond: z
    .int()
    .positive()
    .optional()
    .describe(
      'Limit for all connections together; default: each connection sends its next request as soon as it has an answer',
    ),
})

export type ProbeSpec = z.infer<typeof probeSpec>
export type LoadSpec = z.infer<typeof loadSpec>
