import { Refusal } from '../../machines/refusal.ts'
import { wrongFormat } from './formats.ts'
import { type Properties, type Property, propertyOf } from './property.ts'

/** As it came: numbers and booleans are text still, lists are lists. */
export type Given = Record<string, string | string[]>

/** Throws PVE's 400 with each wrong parameter named. */
export function verify(given: Given, properties: Properties): void {
  const errors: Record<string, string> = {}
  for (const [name, property] of Object.entries(properties)) {
    if (given[name] === undefined && !property.optional && !name.endsWith('[n]'))
      errors[name] = 'property is missing and it is not optional'
  }
  for (const [name, value] of Object.entries(given)) {
    const property = propertyOf(properties, name)
    if (!property) {
      errors[name] = 'property is not defined in schema and the schema does not allow additional properties'
      continue
    }
    const wrong = wrongValue(property, value)
    if (wrong !== undefined) errors[name] = wrong
    const { requires } = property
    if (requires !== undefined && given[requires] === undefined)
      errors[requires] = `missing property required by '${name}'`
  }
  refuseParameters(errors)
}

/** Throws when there is anything to say. */
export function refuseParameters(errors: Record<string, string>): void {
  if (Object.keys(errors).length > 0)
    throw new Refusal('Parameter verification failed.', { status: 400, errors })
}

function wrongValue(property: Property, value: string | string[]): string | undefined {
  const { type } = property
  if (typeof value !== 'string')
    return type === 'array' ? undefined : `type check ('${type}') failed - got ARRAY`
  if (type === 'array') return undefined // one value alone is a list of one
  if (!hasType(type, value)) return `type check ('${type}') failed - got '${value}'`
  const misshapen = property.format && wrongFormat(property.format, value)
  if (misshapen) return `invalid format - ${misshapen}\n`
  if (property.pattern !== undefined && !new RegExp(`^(?:${property.pattern})$`).test(value))
    return 'value does not match the regex pattern'
  return outOfBounds(property, value)
}

function hasType(type: Property['type'], value: string): boolean {
  if (type === 'boolean') return value === '0' || value === '1'
  if (type === 'integer') return /^[+-]?\d+$/.test(value)
  return type !== 'number' || /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(value)
}

function outOfBounds(property: Property, value: string): string | undefined {
  const { maxLength, minLength, maximum, minimum, enum: allowed } = property
  if (maxLength !== undefined && value.length > maxLength)
    return `value may only be ${maxLength} characters long`
  if (minLength !== undefined && value.length < minLength)
    return `value must be at least ${minLength} characters long`
  if (maximum !== undefined && Number(value) > maximum) return `value must have a maximum value of ${maximum}`
  if (minimum !== undefined && Number(value) < minimum) return `value must have a minimum value of ${minimum}`
  if (allowed && !allowed.includes(value))
    return `value '${value}' does not have a value in the enumeration '${allowed.join(', ')}'`
  return undefined
}
