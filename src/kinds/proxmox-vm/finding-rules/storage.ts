import { imageBytes } from '../facts.ts'
import { provisionedBytes } from '../machine/disk-rates.ts'
import { freeGigabytes, gigabytes, neededGigabytes } from '../sizes.ts'
import type { Found, Rule, Seen, Values } from './judgement.ts'

/** A storage that is full stops every guest on it. */
const keptFree = 1.1

/** Whether the disks can lie where the plan wants them. */
export const storage: Rule = seen => {
  const { audit, spec, target } = seen
  if (audit.targetStorages === undefined) return []
  const name = spec.target.storage
  const values: Values = { storage: name, site: target.siteTitle, ssh: target.host.ssh }
  const own = audit.targetStorages.find(one => one.storage === name)
  if (own === undefined) {
    const hidden = audit.targetMissingRights?.some(({ path }) => path === `/storage/${name}`)
    const known = audit.targetStorages.map(one => one.storage).join(', ') || '-'
    // A storage that the token may not see is not in PVE's list: the missing right is what is said then.
    return hidden ? [] : [{ name: 'storage-missing', level: 'block', values: { ...values, known } }]
  }
  if (!own.active) return [{ name: 'storage-inactive', level: 'block', values }]
  const content: Found[] = own.content.includes('images')
    ? []
    : [
        {
          name: 'storage-content',
          level: 'block',
          values: { ...values, content: own.content.join(','), wanted: [...own.content, 'images'].join(',') },
        },
      ]
  const takers = audit.targetStorages.filter(one => one.content.includes('images') && one.active)
  return [
    ...content,
    ...format(seen, values, own.type, own.formats, takers),
    ...room(seen, values, own.freeBytes),
  ]
}

function format(
  { audit, spec }: Seen,
  values: Values,
  type: string,
  formats: string[],
  takers: { storage: string; formats: string[] }[],
): Found[] {
  const refused = (audit.disks ?? []).filter(disk => !formats.includes(disk.format))
  const [first] = refused
  if (formats.length === 0 || first === undefined) return []
  const others = takers.filter(one => one.formats.includes(first.format)).map(one => one.storage)
  const level = spec.way === 'seed-and-delta' ? 'block' : 'warn'
  return [
    {
      name: 'storage-format',
      level,
      values: {
        ...values,
        type,
        format: first.format,
        disks: refused.map(({ slot }) => slot).join(', '),
        formats: formats.join(', '),
        others: others.join(', ') || '-',
      },
    },
  ]
}

function room({ audit, source }: Seen, values: Values, freeBytes: number): Found[] {
  const disks = audit.disks
  if (disks === undefined || disks.length === 0) return []
  const [used, provisioned] = [imageBytes({ disks }), provisionedBytes({ disks })]
  const found: Found[] = []
  const needed = used * keptFree
  const sizes = { ...values, free: freeGigabytes(freeBytes), needed: neededGigabytes(needed) }
  if (freeBytes < needed) found.push({ name: 'no-room', level: 'block', values: sizes })
  else if (freeBytes < provisioned)
    found.push({
      name: 'room-when-full',
      level: 'warn',
      values: { ...sizes, provisioned: gigabytes(provisioned) },
    })
  const staging = audit.sourceStagingFreeBytes
  if (staging !== undefined && staging < needed)
    found.push({
      name: 'no-room-staging',
      level: 'warn',
      values: {
        ...sizes,
        site: source.siteTitle,
        ssh: source.host.ssh,
        free: freeGigabytes(staging),
        folder: source.spec.staging,
      },
    })
  return found
}
