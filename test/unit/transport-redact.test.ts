import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/model/canonical.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import fc from '../helpers/property.ts'

/** With a letter, so that it is no number; JSON's own signs are not a leak. */
const secret = fc
  .string({ minLength: 4, maxLength: 40 })
  .filter(text => /[a-z]/i.test(text) && /^[\x21-\x7e]+$/.test(text) && !/["\\{}[\],:]/.test(text))

const encodings: [string, (text: string) => string][] = [
  ['plain', text => text],
  ['URL', encodeURIComponent],
  ['base64', text => Buffer.from(text).toString('base64')],
  ['base64url', text => Buffer.from(text).toString('base64url')],
  ['hexadecimal', text => Buffer.from(text).toString('hex')],
  ['JSON in a string', text => JSON.stringify({ password: text })],
  ['shell', text => `'${text.replaceAll("'", "'\\''")}'`],
]

describe('a secret', () => {
  test.each(encodings)(
    '%s: is nowhere in what is written, in values or keys, at any depth',
    (_name, encode) => {
      fc.assert(
        fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
          const redactor = createRedactor()
          redactor.add(hidden)
          const shown = `${before}${encode(hidden)}${after}`
          const written = canonicalJson(
            redactor.redact({ a: [shown, { [`k${encode(hidden)}`]: { b: shown } }], n: 1 }),
          )
          expect(written).not.toContain(hidden)
          expect(written).not.toContain(encode(hidden))
        }),
      )
    },
  )

  test('inside a longer base64 text is hidden wherever it begins', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (before, after) => {
        const redactor = createRedactor()
        redactor.add('correct horse battery')
        const header = Buffer.from(`${before}correct horse battery${after}`).toString('base64')
        const shown = redactor.redact(`Authorization: Basic ${header}`)
        expect(Buffer.from(shown.split(' ')[2] ?? '', 'base64').toString()).not.toContain('horse')
      }),
    )
  })

  test('of several lines is hidden line by line', () => {
    const redactor = createRedactor()
    redactor.add('-----BEGIN KEY-----\nMIIEvQIBADANBgkqh\nkiG9w0BAQEFAASC\n-----END KEY-----\n')
    expect(redactor.redact('error near MIIEvQIBADANBgkqh')).toBe('error near […]')
  })

  test('with blanks at its ends is hidden without them too', () => {
    const redactor = createRedactor()
    redactor.add(' swordfish\n')
    expect(redactor.redact('password=swordfish;')).toBe('password=[…];')
  })

  test('that contains another is hidden whole', () => {
    const redactor = createRedactor()
    redactor.add('swordfish')
    redactor.add('swordfish-and-chips')
    expect(redactor.redact('swordfish-and-chips, swordfish')).toBe('[…], […]')
  })

  test('too short to hide is refused', () => {
    const redactor = createRedactor()
    expect(redactor.add('abc')).toBe(false)
    expect(redactor.redact('abc')).toBe('abc')
  })
})

test('what holds no secret stays as it is, and is a copy', () => {
  const redactor = createRedactor()
  redactor.add('swordfish')
  const value = { n: 1, yes: true, nothing: null, list: ['a', { b: 'c' }] }
  const copy = redactor.redact(value)
  expect(copy).toEqual(value)
  expect(copy).not.toBe(value)
})
