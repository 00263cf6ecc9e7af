/** PVE's named formats, as far as these methods use them: what is said of a value that does not have the form. */
const formats: Record<string, (value: string) => string | undefined> = {
  'pve-vmid': value => (/^[1-9]\d{2,8}$/.test(value) ? undefined : 'value does not look like a valid VM ID'),
  'pve-node': value =>
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(value) ? undefined : 'value does not look like a valid node name',
  'pve-storage-id': value => identifier('storage', value),
  'pve-configid': value => (/^[a-z][\w-]+$/i.test(value) ? undefined : `invalid configuration ID '${value}'`),
  'pve-vmid-list': value => inEach(value, one => formats['pve-vmid']?.(one)),
  'pve-storage-id-list': value => inEach(value, one => identifier('storage', one)),
}

const identifier = (kind: string, value: string): string | undefined =>
  /^[a-z][a-z0-9\-_.]*[a-z0-9]$/i.test(value)
    ? undefined
    : `${kind} ID '${value}' contains illegal characters`

const inEach = (list: string, check: (one: string) => string | undefined): string | undefined =>
  splitList(list)
    .map(check)
    .find(wrong => wrong !== undefined)

/** PVE's lists are split at commas, semicolons, blanks and NUL. */
export const splitList = (list: string): string[] => list.split(/[\s,;\0]+/).filter(one => one !== '')

/** A format that is not known here takes everything: the schema's test of these tables sees to the rest. */
export const wrongFormat = (format: string, value: string): string | undefined => formats[format]?.(value)
