/** Absolute, in lower case, without the final dot: the form in which names are compared. */
export function absoluteName(name: string, zone: string): string {
  const bareZone = bare(zone)
  if (name === '@') return bareZone
  return name.endsWith('.') ? bare(name) : `${name.toLowerCase()}.${bareZone}`
}

export const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** Data of a type as the same text, however it was written: `2001:DB8::0:1` and `2001:db8::1` are one address. */
export function plainData(type: string, data: string): string {
  if (type === 'AAAA')
    return URL.canParse(`http://[${data}]`) ? new URL(`http://[${data}]`).hostname.slice(1, -1) : data
  return type === 'CNAME' ? bare(data) : data
}

export function sameData(type: string, left: readonly string[], right: readonly string[]): boolean {
  const plain = (values: readonly string[]) => values.map(value => plainData(type, value)).sort()
  return JSON.stringify(plain(left)) === JSON.stringify(plain(right))
}
