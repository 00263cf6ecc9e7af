import { z } from 'zod'
import type { RecordType } from './data.ts'
import { absoluteName, bare } from './names.ts'
import { longestOf } from './txt.ts'

const label = '[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?'
/** RFC 1123 labels, underscores for service names; a final dot makes a name absolute; @ is the zone itself. */
const namePattern = `(@|${label}(\\.${label})*\\.?)`
export const dnsName = z.string().regex(new RegExp(`^${namePattern}$`), 'dns.spec.name')

const none = 'None while the other side serves: an empty list.'
/** One value, or a list in any order; an empty list where the record is not there on that side. */
const values = <Value extends z.ZodType<string>>(value: Value) => z.union([value, z.array(value)])

const record = <Type extends RecordType, Value extends z.ZodType<string>>(type: Type, value: Value) => {
  // RFC 1034: a name has one canonical name at most.
  const side = type === 'CNAME' ? z.union([value, z.array(value).max(1)]) : values(value)
  return z.strictObject({
    name: dnsName.describe('Relative to the zone, @ for the zone itself, or absolute with a final dot'),
    type: z.literal(type),
    source: side.describe(`What the record says while the source serves. ${none}`),
    target: side.describe(
      'What it says once the target serves; as the source says where it must only stay as it is',
    ),
  })
}

export const recordSpec = z.discriminatedUnion('type', [
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
  ).describe(
    'The text as it is read, cut into strings of 255 bytes by itself; or as zone files have it: `"one" "two"`',
  ),
])

type Spec = { zone: string; records: z.infer<typeof recordSpec>[] }

/** What one record alone does not show. */
export function refineRecords({ zone, records }: Spec, context: z.RefinementCtx): void {
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
