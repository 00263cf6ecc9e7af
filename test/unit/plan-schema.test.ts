import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadKinds } from '../../src/kinds/registry.ts'
import { type JsonSchema, planJsonSchema, schemaFile } from '../../src/plan/json-schema.ts'
import { referencePage } from '../../src/plan/reference.ts'
import { goodPlan, testKinds } from '../helpers/plan-kinds.ts'

const root = join(import.meta.dirname, '../..')
const kinds = await loadKinds()

test('the committed JSON Schema is what the code says: npm run schema', async () => {
  expect(await readFile(join(root, 'schema/plan.schema.json'), 'utf8')).toBe(schemaFile(kinds))
})

test('the committed reference page is what the code says: npm run schema', async () => {
  expect(await readFile(join(root, 'docs/plan-reference.md'), 'utf8')).toBe(referencePage(kinds))
})

test('every kind is in both', async () => {
  const page = referencePage(kinds)
  for (const kind of Object.keys(kinds)) {
    expect(planJsonSchema(kinds).$defs).toHaveProperty(`component-${kind}`)
    expect(page).toContain(`## Kind \`${kind}\``)
  }
})

test('read as JSON Schema alone, it accepts the good plan and refuses what the editor should underline', () => {
  const schema = z.fromJSONSchema(planJsonSchema(testKinds) as Parameters<typeof z.fromJSONSchema>[0])
  const accepts = (text: string) => schema.safeParse(parse(text)).success
  expect(accepts(goodPlan)).toBe(true)
  expect(accepts(goodPlan.replace('criticality: high', 'critcality: high'))).toBe(false)
  expect(accepts(goodPlan.replace('2 h', '90'))).toBe(false)
  expect(accepts(goodPlan.replace('kind: store', 'kind: stroe'))).toBe(false)
  expect(accepts(goodPlan.replace('J-14 to J+7', 'soon'))).toBe(false)
})

/** Objects that take any key in silence would hide a misspelt field. */
function openObjects(schema: JsonSchema, path: string): string[] {
  const open = schema.properties !== undefined && schema.additionalProperties !== false ? [path] : []
  const below = [
    ...Object.entries(schema.properties ?? {}),
    ...Object.entries(schema.$defs ?? {}),
    // Beside properties, `oneOf` says only which of them exclude each other.
    ...(schema.properties ? [] : [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]).map(
      (choice, index) => [`${index}`, choice] as const,
    ),
    ...(schema.items ? [['[]', schema.items] as const] : []),
    ...(typeof schema.additionalProperties === 'object'
      ? [['<id>', schema.additionalProperties] as const]
      : []),
  ]
  return [...open, ...below.flatMap(([key, child]) => openObjects(child, `${path}.${key}`))]
}

test('no object of any kind takes unknown keys', () => {
  expect(openObjects(planJsonSchema(kinds), 'plan')).toEqual([])
})
