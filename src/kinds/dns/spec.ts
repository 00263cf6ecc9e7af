import { z } from 'zod'
import { dnsName, namePattern, server } from './fields.ts'
import { primaryOf, updateSpec } from './providers/index.ts'
import { absoluteName, bare, longestOf, plannedData, type RecordType } from './record-data.ts'

const none = 'An empty list: no record then.'
/** One value, or a list in any order; an empty list where the record is not there on that side. */
const values = <Value extends z.ZodType<string>>(value: Value) => z.union([value, z.array(value)])

const record = <Type extends RecordType, Value extends z.ZodType<string>>(type: Type, value: Value) => {
  // RFC 1034: a name has one canonical name at most.
  const side = type === 'CNAME' ? z.union([value, z.array(value).max(1)]) : values(value)
  return z.strictObject({
    name: dnsName.describe('Relative to the zone, @ for the zone itself, or absolute with a final dot'),
    type: z.literal(type),
    source: side.describe(`Data of the record while the source serves. ${none}`),
    target: side.describe('Data once the target serves. The same as `source`: the record must not change'),
  })
}

const recordSpec = z.discriminatedUnion('type', [
  record('A', z.ipv4('dns.spec.ipv4')),
  record('AAAA', z.ipv6('dns.spec.ipv6')),
  record('CNAME', dnsName),
  record('PTR', dnsName).describe('Only in a reverse zone, which is a component of its own'),
  record('MX', z.string().regex(new RegExp(`^\\d{1,5} +(${namePattern}|\\.)$`), 'dns.spec.mx')).describe(
    'Preference and name: `10 mail`',
  ),
  record(
    'TXT',
    z
      .string()
      .max(4096)
      .refine(text => longestOf(text) <= 255, 'dns.spec.txt'),
  ).describe('The text, split into strings of 255 bytes automatically; or as in zone files: `"one" "two"`'),
])

const fields = z.strictObject({
  zone: dnsName.describe('DNS zone that contains the records'),
  view: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Label that distinguishes this view from another view of the same zone, such as `internal`; displayed only',
    ),
  servers: z
    .array(
      server.extend({
        mayBeLeftOut: z
          .string()
          .min(1)
          .optional()
          .describe(
            'Why the migration may go on without this secondary if it does not answer; it is then named until the end. Absent: a person must order it',
          ),
      }),
    )
    .min(1)
    .describe('All authoritative servers; each is queried without recursion'),
  resolvers: z
    .array(server)
    .default([])
    .describe('Resolvers of the users; the switch waits until they return the new data'),
  update: updateSpec.describe(
    'How the zone is changed: dynamic updates, or the API of one of four providers (dns-providers.md)',
  ),
  lowTtlSeconds: z
    .int()
    .min(1)
    .max(3600)
    .describe('TTL of the records from the preparation until `bascule close`, in seconds'),
  propagationSeconds: z
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe('Longest time until every authoritative server serves a change, in seconds'),
  records: z
    .array(recordSpec)
    .min(1)
    .describe('Records to change, all in one request; atomic if the provider supports it'),
})
export const dnsSpec = fields.superRefine(refineRecords)
export type DnsSpec = z.infer<typeof dnsSpec>

/** What one record, or one server, alone does not show. */
function refineRecords({ zone, records, ...spec }: z.infer<typeof fields>, context: z.RefinementCtx): void {
  const primary = primaryOf(spec)
  for (const [index, { address, port, mayBeLeftOut }] of spec.servers.entries()) {
    const isPrimary = address === primary.address && port === primary.port
    const path = ['servers', index, 'mayBeLeftOut']
    if (mayBeLeftOut !== undefined && isPrimary)
      context.addIssue({ code: 'custom', path, message: 'dns.spec.primaryNeeded' })
  }
  const seen = new Set<string>()
  for (const [index, { name, type, source, target }] of records.entries()) {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: ['records', index, field], message })
    const absolute = absoluteName(name, zone)
    const key = `${absolute} ${type}`
    if (absolute !== bare(zone) && !absolute.endsWith(`.${bare(zone)}`)) refuse('name', 'dns.spec.outside')
    if (seen.has(key)) refuse('name', 'dns.spec.twice')
    seen.add(key)
    if (type === 'PTR' && !/\.(in-addr|ip6)\.arpa$/.test(bare(zone))) refuse('type', 'dns.spec.reverse')
    if ([source].flat().length + [target].flat().length === 0) refuse('source', 'dns.spec.nothing')
  }
}

/**
 * One record set of the plan, its data as `DnsRecord.data` has them; none on the side where it is not there. `key` names it
 * in facts, results and sentences: `auth.techcorp.test A`.
 */
export type PlannedRecord = {
  key: string
  name: string
  type: RecordType
  source: string[]
  target: string[]
}

export function recordsOf(spec: DnsSpec): PlannedRecord[] {
  return spec.records.map(({ name, type, source, target }) => {
    const absolute = absoluteName(name, spec.zone)
    const data = (value: string | string[]) => [value].flat().map(one => plannedData(type, one, spec.zone))
    return { key: `${absolute} ${type}`, name: absolute, type, source: data(source), target: data(target) }
  })
}

/** The zone as people tell it from its namesakes. */
export const zoneTitle = ({ zone, view }: DnsSpec): string =>
  view === undefined ? zone : `${zone} (${view})`

/** For titles. */
export const shown = (spec: DnsSpec) => ({ zone: zoneTitle(spec), records: spec.records.length })
