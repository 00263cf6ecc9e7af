import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/model/canonical.ts'

test('equal values give equal text: keys in the order of RFC 8785, what is undefined left out', () => {
  expect(canonicalJson({ b: [1, undefined, { d: null, c: 'é' }], a: undefined, '€': 1e21, '\r': -0 })).toBe(
    '{"\\r":0,"b":[1,null,{"c":"é","d":null}],"€":1e+21}',
  )
})

test.each([
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [undefined],
  [() => 1],
  [{ a: [Number.NaN] }],
  [{ a: () => 1 }],
])('%s cannot be held', value => expect(() => canonicalJson(value)).toThrow(TypeError))

test('half a character does not end a run, and is read back as it was written', () => {
  const written = canonicalJson({ detail: `cut ${'😀'.slice(0, 1)}` })
  expect(written).toBe('{"detail":"cut \ufffd"}')
  expect(canonicalJson(JSON.parse(written))).toBe(written)
})
