import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { messages as cli } from '../../src/cli/messages.ts'
import type { Catalogue } from '../../src/model/text.ts'
import { messages as views } from '../../src/views/messages.ts'

const source = join(import.meta.dirname, '../../src')

function textOf(folder: string): string {
  return readdirSync(join(source, folder))
    .filter(file => !/messages|help-(english|french)/.test(file))
    .map(file => readFileSync(join(source, folder, file), 'utf8'))
    .join('\n')
}

const valuesIn = (sentence: string): string[] =>
  [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1] ?? '').sort()

describe.each([
  ['views', views],
  ['cli', cli],
])('the sentences of %s', (folder, { en, fr }: { en: Catalogue; fr: Catalogue }) => {
  it('are the same in both languages, with the same values', () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
    for (const [key, sentence] of Object.entries(en)) {
      const unlike = new Set(valuesIn(sentence))
      expect([...new Set(valuesIn(fr[key] ?? ''))], key).toEqual([...unlike])
      expect(sentence.trim(), key).not.toBe('')
    }
  })

  it('are all there: every key written out in the source', () => {
    const keys = [...textOf(folder).matchAll(new RegExp(`'(${folder}\\.[\\w.-]+)'`, 'g'))].map(
      match => match[1] ?? '',
    )
    expect(keys.length).toBeGreaterThan(20)
    for (const key of keys) expect(en[key], key).toBeDefined()
  })
})
