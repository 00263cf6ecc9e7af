import { z } from 'zod'
import type { Kind } from '../model/kind.ts'
import { planSchema } from './schema.ts'

export type JsonSchema = {
  type?: string | string[]
  title?: string
  description?: string
  default?: unknown
  const?: unknown
  enum?: unknown[]
  examples?: unknown[]
  pattern?: string
  minimum?: number
  maximum?: number
  $ref?: string
  $defs?: Record<string, JsonSchema>
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  oneOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  additionalProperties?: JsonSchema | boolean
}

/** The JSON Schema of a plan as people write it, with the fields of every kind: for editors and the reference page. */
export function planJsonSchema(kinds: Record<string, Kind>): JsonSchema {
  const sorted = Object.fromEntries(Object.entries(kinds).sort(([left], [right]) => (left < right ? -1 : 1)))
  return z.toJSONSchema(planSchema(sorted), { io: 'input' }) as JsonSchema
}

export function schemaFile(kinds: Record<string, Kind>): string {
  return `${JSON.stringify(planJsonSchema(kinds), null, 2)}\n`
}
