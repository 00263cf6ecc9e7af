import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { quoteArgument, quoteArgv } from '../../src/transport/quote.ts'
import fc from '../helpers/property.ts'

const argument = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.string({
      unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '*', '~', '!', '#', '-', 'é', '\r', '\t'),
    }),
  )
  .map(text => text.replaceAll('\0', '').toWellFormed())

describe.each([
  ['sh', ['sh', '-c']],
  ['bash', ['bash', '-c']],
])('quoted for %s', (_name, [shell = '', ...options]) => {
  test('every argument comes back unchanged', () => {
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 8 }), argv => {
        // NUL ends each argument: nothing else could not be part of one.
        const line = quoteArgv(['printf', '%s\\0', ...argv])
        const output = execFileSync(shell, [...options, line], { encoding: 'utf8' })
        expect(output).toBe(argv.map(one => `${one}\0`).join(''))
      }),
      { numRuns: 120 },
    )
  })
})

test('what cannot be an argument is refused', () => {
  expect(() => quoteArgument('a\0b')).toThrow(TypeError)
  expect(() => quoteArgv([])).toThrow(TypeError)
})

test('plain words stay readable', () => {
  expect(quoteArgv(['rsync', '-a', '/srv/files/', 'host:/srv', 'it’s'])).toBe(
    "rsync -a /srv/files/ host:/srv 'it’s'",
  )
  expect(quoteArgv(['', '~', '-x=1'])).toBe("'' '~' '-x=1'")
})
