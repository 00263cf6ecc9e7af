import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'
import { parsePlan } from '../../src/plan/parse.ts'

const page = await readFile(join(import.meta.dirname, '../../docs/write-a-plan.md'), 'utf8')
const kinds = await loadKinds()
const blocks = [...page.matchAll(/^```yaml(.*)\n([\s\S]*?)^```$/gm)].map(([, mark = '', text = '']) => ({
  mark: mark.trim(),
  text,
}))
const plan = blocks.find(block => block.mark === 'plan')?.text ?? ''
const overlays = blocks.filter(block => block.mark === 'overlay').map(block => block.text)

const problems = (...texts: string[]) => {
  const files = texts.map((text, index) => ({ name: index === 0 ? 'plan.yaml' : 'overlay.yaml', text }))
  const result = parsePlan(files, kinds)
  return 'errors' in result ? result.errors : result.warnings
}

test('every YAML block of the page is marked, and there are some', () => {
  expect(blocks.map(block => block.mark).filter(mark => mark !== 'plan' && mark !== 'overlay')).toEqual([])
  expect(blocks.filter(block => block.mark === 'plan')).toHaveLength(1)
  expect(overlays.length).toBeGreaterThan(5)
})

test('the plan of the page is correct', () => {
  expect(problems(plan)).toEqual([])
})

test.each(overlays.map(text => [text.split('\n')[0], text]))(
  'the piece that begins with %s is correct',
  (_, text = '') => {
    expect(problems(plan, text)).toEqual([])
  },
)
