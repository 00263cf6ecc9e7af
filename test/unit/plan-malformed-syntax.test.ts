import { expect, test } from 'vitest'
import { changed, complaints } from '../helpers/plan-kinds.ts'

type Row = [what: string, from: string, to: string, errors: string[]]
const rows: Row[] = [
  ['key twice', 'zone: Europe/Paris', 'zone: Europe/Paris\nname: other', ['5:1 name duplicateKey']],
  [
    'id twice',
    'checks:\n',
    'checks:\n  T13: {component: data, measure: lagBytes, below: 1, gate: go, onFailure: block}\n',
    ['44:3 checks.T13 duplicateKey'],
  ],
  ['tab', '    kind: store', '	kind: store', ['24:1 syntax.TAB_AS_INDENT']],
  ['bracket left open', 'databases: [main]', 'databases: [main', ['32:3 syntax.BAD_INDENT']],
  ['brace too many', 'signoffs: [lead, dba]}', 'signoffs: [lead, dba]}}', ['45:30 syntax.UNEXPECTED_TOKEN']],
  ['quote left open', '"http://192.0.2.11"', '"http://192.0.2.11', ['38:49 syntax.MISSING_CHAR']],
  ['two keys on a line', 'title: A small move', 'title: one: two', ['3:8 syntax.BLOCK_AS_IMPLICIT_KEY']],
  [
    'no space after the colon',
    'zone: Europe/Paris',
    'zone:Europe/Paris',
    ['4:1 syntax.MULTILINE_IMPLICIT_KEY'],
  ],
  ['indentation', '    owner: lead', '   owner: lead', ['36:1 syntax.BAD_INDENT']],
  ['second document', 'checks:', '---\nchecks:', ['41:1 syntax.MULTIPLE_DOCS']],
  ['unknown tag', 'name: small', 'name: !secret small', ['2:7 syntax.TAG_RESOLVE_FAILED']],
  ['alias of nothing', 'name: small', 'name: *nothing', ['2:7 name syntax.BAD_ALIAS']],
  ['alias in itself', 'needs: [data]', 'needs: &n [data, *n]', ['37:22 components.site.needs[1] aliasLoop']],
  ['key that is a list', 'name: small', '[name]: small', ['2:1 syntax.NON_STRING_KEY']],
  ['reserved character', 'title: A small move', 'title: @small', ['3:8 syntax.BAD_SCALAR_START']],
  ['prototype', 'name: small', 'name: small\n__proto__: {a: 1}', ['3:1 __proto__ unknownKey']],
]

test.each(rows)('a plan that is not YAML, or not the YAML of a plan: %s', (_, from, to, errors) => {
  expect(complaints(changed(from, to))).toEqual(errors)
})

test('an empty plan, a plan of comments, a plan that is no map', () => {
  expect(complaints('')).toEqual(['1:1 empty'])
  expect(complaints('# nothing yet\n')).toEqual(['1:1 empty'])
  expect(complaints('- a\n- b\n')).toEqual(['1:1 notMap'])
  expect(complaints('\n  just text\n')).toEqual(['2:3 notMap'])
})

test('aliases of aliases end at a limit instead of filling the memory', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map(pair => [...pair])) {
    bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`)
  }
  expect(complaints(bomb.join('\n')).some(line => line.endsWith('tooManyNodes'))).toBe(true)
})

test('brackets in brackets end at a limit, as does a file larger than any plan', () => {
  expect(complaints('['.repeat(100_000))).toEqual([expect.stringMatching(/RESOURCE_EXHAUSTION|tooDeep/)])
  expect(complaints(`a: ${'{b: '.repeat(60)}1${'}'.repeat(60)}`).join()).toMatch(/tooDeep/)
  expect(complaints('#'.repeat(1_000_001))).toEqual(['1:1 tooLarge'])
})

test('anchors and aliases are read: they are for repeating oneself', () => {
  const repeated = 'simultaneous: &n 4\n    lowest: *n\n    highest: 9\n    manager:'
  expect(complaints(changed('manager:', repeated))).toEqual([])
  expect(complaints(changed('manager:', repeated.replace('9', '*n')))).toEqual([
    '42:14 components.site.highest notAllowed',
  ])
})
