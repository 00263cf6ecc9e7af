import { isPrivateAddress } from '../../model/address.ts'
import type { Remark } from '../../model/kind.ts'
import { providerOf } from './providers/index.ts'
import { bare, sameData } from './record-data.ts'
import type { DnsSpec } from './spec.ts'

/** What the records show before any server is asked. */
export const remarks = ({ spec }: { spec: DnsSpec }): Remark[] => [
  ...lowTtl(spec),
  ...nothingMoves(spec),
  ...spec.records.flatMap((record, index) => undotted(spec, record, index)),
  ...innerAddresses(spec),
]

/** A provider raises a lower TTL by itself, or refuses it. */
function lowTtl(spec: DnsSpec): Remark[] {
  const { minimumTtlSeconds: least } = providerOf(spec).capabilities
  if (spec.lowTtlSeconds >= least) return []
  return [
    {
      level: 'block',
      path: ['lowTtlSeconds'],
      text: { key: 'dns.remark.lowTtl', values: { ttl: spec.lowTtlSeconds, least } },
      remedy: { key: 'dns.remark.lowTtl.remedy', values: { least } },
    },
  ]
}

/** Some records are listed to be kept; all of them would make a switch of nothing. */
function nothingMoves({ records, zone }: DnsSpec): Remark[] {
  if (records.some(({ type, source, target }) => !sameData(type, [source].flat(), [target].flat()))) return []
  return [
    {
      level: 'warn',
      path: ['records'],
      text: { key: 'dns.remark.nothingMoves', values: { zone, count: records.length } },
      remedy: { key: 'dns.remark.nothingMoves.remedy' },
    },
  ]
}

/** A relative name that ends like an absolute one: the zone would be appended once more. */
function undotted(
  { zone }: DnsSpec,
  { type, name, ...sides }: DnsSpec['records'][number],
  index: number,
): Remark[] {
  const isWholeName = (value: string) =>
    !value.endsWith('.') &&
    (`.${value.toLowerCase()}`.endsWith(`.${bare(zone)}`) || (type === 'PTR' && value.includes('.')))
  const remark = (field: string, value: string): Remark[] =>
    isWholeName(value)
      ? [
          {
            level: 'block',
            path: ['records', index, field],
            text: { key: 'dns.remark.undotted', values: { value, becomes: `${value}.${bare(zone)}` } },
            remedy: { key: 'dns.remark.undotted.remedy', values: { value } },
          },
        ]
      : []
  if (type !== 'CNAME' && type !== 'PTR' && type !== 'MX') return type === 'TXT' ? [] : remark('name', name)
  const names = (data: string | string[]) =>
    [data].flat().map(value => value.trim().split(/\s+/).at(-1) ?? '')
  const own = type === 'PTR' ? [] : remark('name', name)
  return [
    ...own,
    ...(['source', 'target'] as const).flatMap(side =>
      names(sides[side]).flatMap(value => remark(side, value)),
    ),
  ]
}

/** What people call the view that strangers see. A zone without a label has one view, for everybody. */
const outerViews: readonly string[] = ['public', 'publique', 'external', 'externe']

/** One zone with addresses of both sorts: strangers read the inner ones, and reach nothing. */
function innerAddresses({ zone, view, records }: DnsSpec): Remark[] {
  const addresses = records.flatMap(({ type, ...record }, index) =>
    type !== 'A' && type !== 'AAAA'
      ? []
      : (['source', 'target'] as const).flatMap(side =>
          [record[side]].flat().map(address => ({ address, path: ['records', index, side] })),
        ),
  )
  const inner = addresses.filter(({ address }) => isPrivateAddress(address))
  const isForAll = view === undefined || outerViews.includes(view)
  if (!isForAll || inner.length === addresses.length) return []
  return inner.map(({ address, path }) => ({
    level: 'warn',
    path,
    text: { key: 'dns.remark.innerAddress', values: { address, zone } },
    remedy: { key: 'dns.remark.innerAddress.remedy' },
  }))
}
