import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { messages as journal } from '../../src/journal/messages.ts'
import { messages as transport } from '../../src/transport/messages.ts'

const folder = (name: string): string => new URL(`../../src/${name}/`, import.meta.url).pathname
const source = (name: string): string =>
  readdirSync(folder(name))
    .filter(file => file.endsWith('.ts') && file !== 'messages.ts')
    .map(file => readFileSync(folder(name) + file, 'utf8'))
    .join('\n')
const placeholders = (sentence: string): string[] =>
  [...sentence.matchAll(/{{(\w+)}}/g)].map(match => match[1] ?? '').sort()

describe.each([
  ['transport', transport],
  ['journal', journal],
])('the sentences of %s', (name, { fr, en }) => {
  test('are the same in both languages, with the same values', () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
    for (const [key, sentence] of Object.entries(en))
      expect([key, placeholders(fr[key] ?? '')]).toEqual([key, placeholders(sentence)])
  })

  test('are all there', () => {
    const used = [...source(name).matchAll(/key: '([\w.]+)'/g)].map(match => match[1] ?? '')
    expect(used.length).toBeGreaterThan(5)
    expect(used.filter(key => !(key in en))).toEqual([])
  })
})
