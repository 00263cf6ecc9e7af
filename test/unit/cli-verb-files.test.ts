import { expect, test } from 'vitest'
import { loadVerbs, verbFiles, verbsIn } from '../../src/cli/verb-files.ts'

const all = Object.keys(verbFiles)

test('a verb has the name that it is loaded by', async () => {
  expect((await loadVerbs()).map(({ name }) => name)).toEqual(all)
})

test.each<[string[], readonly string[]]>([
  [['check', 'plan.yaml'], ['check']],
  [['--lang', 'fr', 'check'], ['check']],
  [['check', '--help'], ['check']],
  // a value may be named like a verb
  [
    ['--plan', 'status', 'report'],
    ['status', 'report'],
  ],
  [['--version'], []],
  [[], all],
  [['help'], all],
  [['--help', 'check'], all],
  [['help', 'check'], all],
  [['chekc'], all],
  [['completion', 'bash'], all],
  [['complete', '--', 'check', ''], all],
])('%j needs %j', (argv, needed) => {
  expect(verbsIn(argv).toSorted()).toEqual([...needed].toSorted())
})
