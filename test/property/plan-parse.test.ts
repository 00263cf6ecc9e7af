import { expect, test } from 'vitest'
import { parsePlan } from '../../src/plan/parse.ts'
import { goodPlan, testKinds } from '../helpers/plan-kinds.ts'
import fc from '../helpers/property.ts'

/** A result that people can use: a plan, or errors that each have a place inside their file. */
function judged(...texts: string[]) {
  const files = texts.map((text, index) => ({ name: `${index}.yaml`, text }))
  const result = parsePlan(files, testKinds)
  if (!('errors' in result)) return result.plan
  expect(result.errors.length).toBeGreaterThan(0)
  for (const { place, problem } of result.errors) {
    const lines = files.find(({ name }) => name === place.file)?.text.split(/\r?\n|\r/) ?? []
    expect(place.line).toBeGreaterThanOrEqual(1)
    expect(place.line).toBeLessThanOrEqual(lines.length)
    expect(place.column).toBeGreaterThanOrEqual(1)
    expect(problem.key).toMatch(/^plan\./)
  }
  return undefined
}

test('any text is answered with errors that have a place, never with a crash', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => void judged(text)),
    { numRuns: 300 },
  )
})

const yamlPieces = fc.constantFrom(
  ...[
    'a',
    ': ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '&x ',
    '*x',
    '!!t ',
    '"',
    "'",
    '|',
    '>',
    '#',
    '?',
    '%',
    '@',
    ',',
  ],
  ...[
    '\t',
    '\r\n',
    '---\n',
    '...\n',
    '<<: ',
    'null',
    '~',
    '1',
    '.nan',
    '0x1F',
    'true',
    'components:\n',
    '__proto__: ',
  ],
)
test('any heap of YAML’s own signs', () => {
  const texts = fc.array(yamlPieces, { maxLength: 60 }).map(pieces => pieces.join(''))
  fc.assert(
    fc.property(texts, text => void judged(text)),
    { numRuns: 400 },
  )
})

test('any good plan with pieces cut out, doubled or replaced', () => {
  const cut = fc.tuple(fc.nat(goodPlan.length), fc.nat(40), yamlPieces)
  fc.assert(
    fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), cuts => {
      const text = cuts.reduce(
        (all, [at, length, piece]) => all.slice(0, at) + piece + all.slice(at + length),
        goodPlan,
      )
      judged(text)
    }),
    { numRuns: 400 },
  )
})

test('any overlay over a good plan: JSON is YAML', () => {
  const key = fc.constantFrom(
    'components',
    'data',
    'site',
    'needs',
    'checks',
    'T2',
    'below',
    'window',
    'start',
    'people',
  )
  const { overlay } = fc.letrec(tie => ({
    overlay: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, true, 0, -1, '', 'data', '2 h', 'J-1', '2026-03-29T02:30'),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('overlay'),
    ),
  }))
  fc.assert(
    fc.property(overlay, value => void judged(goodPlan, JSON.stringify(value))),
    { numRuns: 300 },
  )
})
