import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { applyEdits, type Edit } from '../../src/plan/edits/edit.ts'
import { commentsIn } from '../../src/plan/edits/source-text.ts'
import fc from '../helpers/property.ts'

const text = `# head
one: {a: 1, at: "22:00"}   # of one

two:
  # of b
  b: x    # of x
  c: &shared
    d: [p, q] # of the list
  e: *shared
list:
  - 1
  - 2  # second
empty:
# end
`
const rows: [what: string, edits: Edit[], from: string, to: string][] = [
  ['a value in braces', [{ path: ['one', 'a'], put: 2 }], '{a: 1,', '{a: 2,'],
  ['a time, in quotes', [{ path: ['one', 'at'], put: '23:00' }], '"22:00"', '"23:00"'],
  ['a new key in braces', [{ path: ['one', 'b'], put: 'J-1 to J' }], '"}', '", b: J-1 to J}'],
  ['the same after another', [{ path: ['one', 'b'], put: 'x: y', after: 'a' }], '1, at', '1, b: "x: y", at'],
  ['a value with a comment behind it', [{ path: ['two', 'b'], put: 'y' }], 'b: x  ', 'b: y  '],
  ['a new key in a block', [{ path: ['two', 'f'], put: 3, after: 'b' }], '# of x\n', '# of x\n  f: 3\n'],
  [
    'below a key that is not there',
    [{ path: ['new', 'k'], put: [1] }],
    'empty:\n',
    'empty:\nnew: {k: [1]}\n',
  ],
  ['a value where there is none', [{ path: ['empty', 'k'], put: 1 }], 'empty:\n', 'empty: {k: 1}\n'],
  ['an item of a list', [{ path: ['two', 'c', 'd'], append: 'r, s' }], 'q]', 'q, "r, s"]'],
  ['an item of a block', [{ path: ['list'], append: 3 }], '# second\n', '# second\n  - 3\n'],
  ['a key of braces, removed', [{ path: ['one', 'a'], remove: true }], '{a: 1, ', '{'],
  ['the last one', [{ path: ['one', 'at'], remove: true }], ', at: "22:00"', ''],
  ['a key of a block: its comment stays', [{ path: ['two', 'b'], remove: true }], 'b: x    # of x', '# of x'],
]

test.each(rows)('%s', (_, edits, from, to) => {
  expect(text).toContain(from)
  expect(applyEdits(text, edits)).toBe(text.replace(from, to))
  const crlf = text.replaceAll('\n', '\r\n')
  expect(applyEdits(crlf, edits)).toBe(text.replace(from, to).replaceAll('\n', '\r\n'))
})

test.each<[string, Edit]>([
  ['through an alias', { path: ['two', 'e', 'd'], put: 1 }],
  ['of a value that aliases stand for', { path: ['two', 'c'], put: 1 }],
  ['of a value with comments in it', { path: ['two'], put: 1 }],
  ['of what is not there', { path: ['one', 'z'], remove: true }],
  ['of a list that is none', { path: ['one'], append: 1 }],
])('refused: an edit %s', (_, edit) => {
  expect(applyEdits(text, [edit])).toBeUndefined()
})

test('any text that is put is what is then read there, and the rest stays', () => {
  const places: Edit['path'][] = [
    ['one', 'a'],
    ['two', 'b'],
    ['two', 'z'],
    ['one', 'z'],
    ['z', 'z'],
  ]
  const value = fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.array(fc.string(), { maxLength: 3 }))
  fc.assert(
    fc.property(fc.constantFrom(...places), value, (path, put) => {
      const after = applyEdits(text, [{ path, put }])
      const read = parse(after ?? '') as Record<string, Record<string, unknown>>
      expect(read[String(path[0])]?.[String(path[1])]).toEqual(put)
      expect(commentsIn(after ?? '').map(comment => comment.text)).toEqual(
        commentsIn(text).map(comment => comment.text),
      )
      expect(read.list).toEqual([1, 2])
    }),
  )
})
