import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { loadKinds } from '../../src/kinds/registry.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import fc from '../helpers/property.ts'

const kinds = await loadKinds()
const example = parse(
  readFileSync(join(import.meta.dirname, '../../examples/techcorp/plan.yaml'), 'utf8'),
) as object
const read = (plan: object) => parsePlan([{ name: 'plan.yaml', text: stringify(plan) }], kinds)

type Path = (string | number)[]
/** Every text of every component, of all kinds. What a service is sent may hold anything. */
const texts: Path[] = textsBelow((example as { components: object }).components, ['components'])

function textsBelow(value: unknown, path: Path): Path[] {
  if (typeof value === 'string') return path.includes('json') ? [] : [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    textsBelow(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

function changed(path: Path, change: (text: string) => string): object {
  const copy = structuredClone(example)
  let place = copy as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) place = place[key] as typeof place
  const last = path.at(-1) ?? ''
  place[last] = change(place[last] as string)
  return copy
}

test('the example is read as it is', () => {
  expect(read(example)).not.toHaveProperty('errors')
  expect(texts.length).toBeGreaterThan(300)
})

test('no text of any kind takes a line of its own or another control character', () => {
  const control = fc.constantFrom('\n', '\r\n', '\0', '\u001b[2J', '\u007f', '\u0085')
  const hostile = fc.record({
    path: fc.constantFrom(...texts),
    control,
    line: fc.constantFrom('', 'host all all trust'),
  })
  fc.assert(
    fc.property(hostile, ({ path, control: character, line }) => {
      const result = read(changed(path, text => `${text}${character}${line}`))
      const told = 'errors' in result ? result.errors.map(error => error.problem.key) : []
      expect(told, path.join('.')).toContain('plan.controlCharacter')
    }),
    { numRuns: 60 },
  )
})
