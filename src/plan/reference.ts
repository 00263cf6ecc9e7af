import type { Kind } from '../model/kind.ts'
import { type JsonSchema, planJsonSchema } from './json-schema.ts'
import { commonKeys } from './schema.ts'

type Row = { path: string; required: boolean; schema: JsonSchema }
type Definitions = Record<string, JsonSchema>

/** The page that says what every field of a plan is, made from the schema that judges plans. */
export function referencePage(kinds: Record<string, Kind>): string {
  const schema = planJsonSchema(kinds)
  const definitions = schema.$defs ?? {}
  const components = Object.entries(definitions).filter(([name]) => name.startsWith('component-'))
  const [, anyComponent] = components[0] ?? ['', {}]
  const common = rowsOf(only(anyComponent, commonKeys, true), 'components.<id>', definitions)
  return [
    head,
    section('The plan', rowsOf(schema, '', definitions), definitions),
    section('Components: fields that every kind has', common, definitions),
    ...components.map(([name, component]) => {
      const kind = name.slice('component-'.length)
      const rows = rowsOf(only(component, commonKeys, false), '', definitions)
      return `${section(`Kind \`${kind}\``, rows, definitions)}\n${measuresOf(kinds[kind])}`
    }),
  ].join('\n')
}

const head = `# The plan, field by field

<!-- Made by \`npm run schema\` from the schema that judges plans. Do not edit. -->

[write-a-plan.md](write-a-plan.md) shows how to write a plan. \`<id>\` is a name that you choose; \`[]\` is each item
of a list. Durations read \`45 s\`, \`90 min\`, \`1 h 30 min\`; sizes \`500 MB\`, \`50-100 GB\` (decimal; \`Mo\` and \`Go\` too); days
\`J-14 to J+7\` (\`D-14\` too), counted from the day of the window.
`

function section(title: string, rows: Row[], definitions: Definitions): string {
  const none = 'Nothing beside the fields that every kind has.\n'
  const table = rows.map(({ path, required, schema }) => {
    const cells = [
      `\`${path}\``,
      typeOf(schema, definitions),
      defaultOf(schema, required),
      schema.description ?? '',
    ]
    return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  const lines = ['| field | type | default | what it means |', '| --- | --- | --- | --- |', ...table]
  return `## ${title}\n\n${rows.length === 0 ? none : `${lines.join('\n')}\n`}`
}

function measuresOf(kind: Kind | undefined): string {
  const measures = Object.entries(kind?.measures ?? {})
  if (measures.length === 0) return 'Measures for checks: none.\n'
  const names = measures.map(([name, { unit, rehearsable = true, alone = false, needsField }]) => {
    const field = needsField === undefined ? '' : `needs the field \`${needsField}\``
    const notes = [unit, rehearsable ? '' : 'not in a rehearsal', alone ? 'after the others' : '', field]
      .filter(Boolean)
      .join(', ')
    return `\`${name}\`${notes === '' ? '' : ` (${notes})`}`
  })
  return `Measures for checks: ${names.join(', ')}.\n`
}

/** One row a field, nested fields after theirs; components have sections of their own. */
function rowsOf(schema: JsonSchema, prefix: string, definitions: Definitions): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, written]) => {
    const field = resolved(written, definitions)
    const path = prefix === '' ? key : `${prefix}.${key}`
    const row = { path, required: schema.required?.includes(key) ?? false, schema: field }
    return [row, ...rowsBelow(field, path, definitions)]
  })
}

function rowsBelow(schema: JsonSchema, path: string, definitions: Definitions): Row[] {
  const own = rowsOf(schema, path, definitions)
  const items = schema.items ? rowsBelow(resolved(schema.items, definitions), `${path}[]`, definitions) : []
  const { additionalProperties: values } = schema
  const below = typeof values === 'object' ? rowsBelow(values, `${path}.<id>`, definitions) : []
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  const isComponents = choices.some(choice => choice.$ref?.startsWith('#/$defs/component-'))
  const chosen = isComponents ? [] : choices.flatMap(choice => rowsBelow(choice, path, definitions))
  return withoutRepeats([...own, ...items, ...below, ...chosen])
}

/** The choices of a union may have fields in common: one row says all, with every constant there is. */
function withoutRepeats(rows: Row[]): Row[] {
  return rows.flatMap((row, index) => {
    const same = rows.filter(({ path }) => path === row.path)
    if (rows.findIndex(({ path }) => path === row.path) !== index) return []
    const constants = same.flatMap(({ schema }) => (schema.const === undefined ? [] : [schema.const]))
    if (constants.length < 2) return [row]
    const { const: _, ...schema } = row.schema
    return [{ ...row, schema: { ...schema, enum: constants } }]
  })
}

function typeOf(schema: JsonSchema, definitions: Definitions): string {
  if (schema.$ref !== undefined) {
    return schema.$ref.includes('component-') ? 'component' : 'any JSON value'
  }
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.enum !== undefined) return schema.enum.map(value => `\`${String(value)}\``).join(' or ')
  const choices = [...(schema.anyOf ?? []), ...(schema.properties ? [] : (schema.oneOf ?? []))]
  if (choices.length > 0) return [...new Set(choices.map(choice => typeOf(choice, definitions)))].join(' or ')
  const { type, items, additionalProperties: values, examples } = schema
  if (Array.isArray(type)) return type.map(one => typeOf({ type: one }, definitions)).join(' or ')
  if (type === 'array') return `list of ${typeOf(resolved(items ?? {}, definitions), definitions)}`
  if (type === 'object') {
    const of = typeof values === 'object' && !values.properties ? ` of ${typeOf(values, definitions)}` : ''
    return `map${of}`
  }
  const example = examples?.[0] === undefined ? '' : `, e.g. \`${String(examples[0])}\``
  return `${typeNames[type ?? ''] ?? type ?? 'any value'}${example}${rangeOf(schema)}`
}
const typeNames: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  null: 'null',
}

function rangeOf({ minimum, maximum }: JsonSchema): string {
  const upper = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum
  const lower = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum
  if (lower !== undefined && upper !== undefined) return `, ${lower} to ${upper}`
  if (lower !== undefined) return `, at least ${lower}`
  return upper === undefined ? '' : `, at most ${upper}`
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (schema.default !== undefined) return `\`${JSON.stringify(schema.default)}\``
  return required ? '**required**' : ''
}

function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const name = schema.$ref?.replace('#/$defs/', '')
  const found = name?.startsWith('component-') ? definitions[name] : undefined
  return found ?? schema
}

/** The fields every kind has, or the others. */
function only(schema: JsonSchema, keys: readonly string[], kept: boolean): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).filter(([key]) => keys.includes(key) === kept)
  // The name of the kind is a constant in each kind's schema, and a choice in this page.
  const shown = properties.map(([key, field]): [string, JsonSchema] => {
    return key === 'kind' ? [key, { type: 'string', description: field.description ?? '' }] : [key, field]
  })
  return { ...schema, properties: Object.fromEntries(shown) }
}
