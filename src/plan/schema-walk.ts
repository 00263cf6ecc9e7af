import type { z } from 'zod'
import type { Path } from './error.ts'

type Schema = z.core.$ZodType
type Def = {
  type: string
  shape?: Record<string, Schema>
  innerType?: Schema
  in?: Schema
  element?: Schema
  valueType?: Schema
  options?: Schema[]
  discriminator?: string
  values?: unknown[]
}

/** The keys that an object at this path may have, given what is written there. Nothing when it is free. */
export function knownKeys(schema: Schema, path: Path, value: unknown): string[] {
  const keys = schemasAt(schema, path, value).flatMap(found => Object.keys(definition(found).shape ?? {}))
  return [...new Set(keys)]
}

/** What each choice of a union looks like: `{runit}`, `{systemd}`, `string`. */
export function shapesAt(schema: Schema, path: Path, value: unknown): string[] {
  return schemasAt(schema, path, value).map(found => {
    const { shape, type } = definition(found)
    return shape === undefined ? type : `{${Object.keys(shape).join(', ')}}`
  })
}

/** Every schema that may apply at a path: several below a union that nothing decides. */
function schemasAt(schema: Schema, path: Path, value: unknown): Schema[] {
  const here = choices(schema, value)
  const [part, ...rest] = path
  if (part === undefined) return here
  const below = (value as Record<string | number, unknown> | null | undefined)?.[part]
  return here.flatMap(found => {
    const { shape, element, valueType } = definition(found)
    const child = shape === undefined ? (element ?? valueType) : shape[part]
    return child === undefined ? [] : schemasAt(child, rest, below)
  })
}

/** Looks through defaults, optionals and pipes, and into unions. */
function choices(schema: Schema, value: unknown): Schema[] {
  const { innerType, in: input, options, discriminator } = definition(schema)
  const inner = innerType ?? input
  if (inner !== undefined) return choices(inner, value)
  if (options === undefined) return [schema]
  const all = options.flatMap(option => choices(option, value))
  if (discriminator === undefined) return all
  const said = (value as Record<string, unknown> | null | undefined)?.[discriminator]
  const decided = all.filter(option => {
    const field = definition(option).shape?.[discriminator]
    return field !== undefined && mayBe(field, said)
  })
  return decided.length > 0 ? decided : all
}

/** A choice that is meant where nothing is said has its word below a default. */
function mayBe(field: Schema, said: unknown): boolean {
  const { innerType, values } = definition(field)
  if (innerType === undefined) return values?.includes(said) ?? false
  return said === undefined || mayBe(innerType, said)
}

function definition(schema: Schema): Def {
  return schema._zod.def as unknown as Def
}
