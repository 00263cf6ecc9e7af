/** Absolute, in lower case, without the final dot: the form in which names are compared. */
export function absoluteName(name: string, zone: string): string {
  const bareZone = bare(zone)
  if (name === '@') return bareZone
  return name.endsWith('.') ? bare(name) : `${name.toLowerCase()}.${bareZone}`
}

export const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '')
