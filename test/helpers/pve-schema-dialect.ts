import { checkNamedFormat } from './pve-schema-formats.ts'

/** PVE's own dialect of JSON Schema: required unless `optional`, families `net[n]`, property strings, 0 and 1. */
export type Schema = {
  type?: string
  optional?: number | boolean
  requires?: string
  properties?: Record<string, Schema>
  additionalProperties?: number | boolean | Schema
  items?: Schema
  enum?: (string | number)[]
  pattern?: string
  format?: string | Record<string, Schema>
  minimum?: number | string
  maximum?: number | string
  minLength?: number
  maxLength?: number
  default_key?: number
  alias?: string
  keyAlias?: string
  oneOf?: Schema[]
}
export type Problem = { at: string; message: string }
/** Of a request all values are text; in a response figures are figures, or text of figures, as Perl happens to give them. */
export type Direction = 'request' | 'response'

const yesOrNo: Record<Direction, RegExp> = {
  request: /^(0|1|on|off|yes|no|true|false)$/i,
  response: /^[01]$/,
}

export function checkObject(schema: Schema, value: unknown, at: string, direction: Direction): Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ at, message: 'is no object' }]
  const fields = value as Record<string, unknown>
  const properties = schema.properties ?? {}
  const within = (name: string): string => (at === '' ? name : `${at}.${name}`)
  const problems: Problem[] = []
  for (const [name, property] of Object.entries(properties)) {
    if (isFamily(name) || property.optional || property.alias !== undefined) continue
    if (fields[name] === undefined) problems.push({ at: within(name), message: 'is missing' })
  }
  for (const [name, field] of Object.entries(fields)) {
    const property = propertyOf(properties, name)
    if (property === undefined) {
      if (schema.additionalProperties === 0 || schema.additionalProperties === false)
        problems.push({ at: within(name), message: 'is not in the schema' })
      continue
    }
    if (property.requires !== undefined && fields[property.requires] === undefined)
      problems.push({ at: within(name), message: `wants ${property.requires} beside it` })
    problems.push(...checkValue(property, field, within(name), direction))
  }
  return problems
}

export function checkValue(schema: Schema, value: unknown, at: string, direction: Direction): Problem[] {
  if (value === null || value === undefined) {
    const may = schema.optional || schema.type === undefined || ['null', 'any'].includes(schema.type)
    return may ? [] : [{ at, message: 'is null' }]
  }
  switch (schema.type ?? (schema.properties ? 'object' : 'any')) {
    case 'any':
      return []
    case 'null':
      return [{ at, message: 'should be null' }]
    case 'object':
      return checkObject(schema, value, at, direction)
    case 'array':
      return checkArray(schema, value, at, direction)
    default:
      return checkScalar(schema, value, at, direction)
  }
}

function checkArray(schema: Schema, value: unknown, at: string, direction: Direction): Problem[] {
  // One value of a form is a list of one.
  const items = Array.isArray(value) ? value : direction === 'request' ? [value] : undefined
  if (!items) return [{ at, message: 'is no list' }]
  return items.flatMap((item, index) => checkValue(schema.items ?? {}, item, `${at}[${index}]`, direction))
}

function checkScalar(schema: Schema, value: unknown, at: string, direction: Direction): Problem[] {
  if (typeof value !== 'string' && typeof value !== 'number')
    return [
      { at, message: `is ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}, not text or a figure` },
    ]
  const text = String(value)
  const wrong = (message: string): Problem[] => [{ at, message: `${JSON.stringify(value)} ${message}` }]
  const type = schema.type ?? 'string'
  if (type === 'boolean') return yesOrNo[direction].test(text) ? [] : wrong('is neither 0 nor 1')
  if (type === 'integer' && !/^[+-]?\d+$/.test(text)) return wrong('is no whole number')
  if (type === 'number' && !/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return wrong('is no number')
  if (type === 'integer' || type === 'number') {
    if (schema.minimum !== undefined && Number(text) < Number(schema.minimum)) return wrong('is too small')
    if (schema.maximum !== undefined && Number(text) > Number(schema.maximum)) return wrong('is too large')
  }
  if (schema.enum && !schema.enum.map(String).includes(text))
    return wrong(`is none of ${schema.enum.join(', ')}`)
  if (text.length < (schema.minLength ?? 0)) return wrong('is too short')
  if (text.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return wrong('is too long')
  if (schema.pattern !== undefined && !regexOf(schema.pattern).test(text))
    return wrong(`does not match ${schema.pattern}`)
  if (schema.format === undefined) return []
  if (typeof schema.format !== 'string') return checkPropertyString(schema.format, text, at, direction)
  const why = checkNamedFormat(schema.format, text)
  return why === undefined ? [] : wrong(why)
}

/** `local:101/disk.qcow2,size=512M`; aliases give their value to another key, and their own name to `keyAlias`. */
export function checkPropertyString(
  format: Record<string, Schema>,
  text: string,
  at: string,
  direction: Direction,
): Problem[] {
  const fields: Record<string, string> = {}
  const problems: Problem[] = []
  const put = (key: string, value: string): void => {
    if (fields[key] !== undefined) problems.push({ at, message: `${key} stands twice` })
    fields[key] = value
  }
  for (const part of text.split(',').filter(one => one !== '')) {
    const [, key, value] = /^([^=]+)=(.+)$/s.exec(part) ?? []
    if (key !== undefined && value !== undefined) {
      const alias = format[key]?.alias
      const keyAlias = format[key]?.keyAlias
      if (alias !== undefined && keyAlias !== undefined) put(keyAlias, key)
      put(alias ?? key, value)
      continue
    }
    const first = Object.entries(format).find(([, schema]) => schema.default_key)?.[0]
    if (first === undefined || part.includes('=')) problems.push({ at, message: `${part} has no key` })
    else put(first, part)
  }
  const schema: Schema = { properties: format, additionalProperties: 0 }
  // What stands in a property string is text as a request has it, whichever way it travels.
  return [...problems, ...checkObject(schema, fields, at, direction === 'response' ? 'request' : direction)]
}

const isFamily = (name: string): boolean => name.endsWith('[n]')

function propertyOf(properties: Record<string, Schema>, name: string): Schema | undefined {
  if (Object.hasOwn(properties, name)) return properties[name]
  const [, family] = /^(.*?)\d+$/.exec(name) ?? []
  return family === undefined ? undefined : properties[`${family}[n]`]
}

/** Perl prints a compiled pattern as `(?^:…)`, its flags between `^` and `:`; PVE matches from end to end. */
function regexOf(pattern: string): RegExp {
  const ignoresCase = /\(\?\^[a-z]*i[a-z]*:/.test(pattern)
  const inner = pattern
    .replaceAll(/\(\?\^[a-z]*:/g, '(?:')
    .replaceAll('\\z', '$')
    .replaceAll('\\A', '^')
  return new RegExp(`^(?:${inner})$`, ignoresCase ? 'i' : '')
}
