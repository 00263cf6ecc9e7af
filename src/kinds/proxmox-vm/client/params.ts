/** What a request is given. Undefined ones are omitted; a list becomes one parameter of the same name for each item. */
export type Params = Record<string, string | number | boolean | readonly string[] | undefined>

/** As PVE takes them, in a query or a body: form-encoded, yes and no as 1 and 0. */
export function encodeParams(params: Params): string {
  const encoded = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue
    for (const item of Array.isArray(value) ? value : [value]) encoded.append(name, plain(item))
  }
  return encoded.toString()
}

const plain = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? '1' : '0') : String(value)

/** A path whose parts may hold what a path must not: `nodes`, a node's name, a volume with slashes and colons. */
export const path = (...parts: (string | number)[]): string =>
  `/${parts.map(part => encodeURIComponent(part)).join('/')}`
