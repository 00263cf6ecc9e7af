import type { Json, JsonObject } from '../../../model/json.ts'

/** What earlier requests captured, the item of an `each`, and `secret` with the secrets by name. */
export type Values = JsonObject

/** `undefined` when the pointer (RFC 6901) leads nowhere. */
export function follow(value: Json | undefined, pointer: string): Json | undefined {
  let at: Json | undefined = value
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(at)) at = /^\d+$/.test(key) ? at[Number(key)] : undefined
    else if (at !== null && typeof at === 'object' && Object.hasOwn(at, key)) at = at[key]
    else return undefined
  }
  return at
}

const reference = /\{\{\s*([A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*)?)(\/[^{}]*?)?\s*\}\}/g

/** The names that a template, or a JSON value full of them, uses: `token`, `course`; `secret` for any secret. */
export function namesIn(value: Json | undefined): Set<string> {
  const names = new Set<string>()
  for (const [, name = ''] of (JSON.stringify(value) ?? '').matchAll(reference))
    names.add(name.split('.')[0] ?? '')
  return names
}

/** Thrown when a template uses what no earlier request captured: the request cannot be sent. */
export class MissingValue extends Error {
  readonly reference: string
  constructor(reference: string) {
    super(`no value for {{${reference}}}`)
    this.name = 'MissingValue'
    this.reference = reference
  }
}

/** `{{name}}`, `{{name/pointer}}` and `{{secret.name}}` replaced by their values. */
export function fill(template: string, values: Values): string {
  return template.replace(reference, (_, name: string, pointer = '') => asText(lookUp(values, name, pointer)))
}

/** The same in every text of a JSON value. A text that is one reference and nothing else keeps the value's type. */
export function fillJson(value: Json, values: Values): Json {
  if (typeof value === 'string') {
    const [match] = value.matchAll(reference)
    if (match && match[0] === value) return lookUp(values, match[1] ?? '', match[2] ?? '')
    return fill(value, values)
  }
  if (Array.isArray(value)) return value.map(item => fillJson(item, values))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillJson(item, values)]))
}

function lookUp(values: Values, name: string, pointer: string): Json {
  const [first = '', inside] = name.split('.')
  const base = Object.hasOwn(values, first) ? values[first] : undefined
  const found = follow(inside === undefined ? base : follow(base, `/${inside}`), pointer)
  if (found === undefined) throw new MissingValue(`${name}${pointer}`)
  return found
}

const asText = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value))
