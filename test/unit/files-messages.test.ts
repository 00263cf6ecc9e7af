import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kind as files } from '../../src/kinds/files/index.ts'
import { kind as link } from '../../src/kinds/link/index.ts'
import { contextOf, factsOf, filesComponent, soundFacts } from '../helpers/files-world.ts'

/** Every sentence that stands in the code between quotes, e.g. 'files.guard.empty'. */
function quotedKeys(kind: string): string[] {
  const folder = join(import.meta.dirname, '../../src/kinds', kind)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.startsWith('messages'))
    .map(file => readFileSync(join(folder, file), 'utf8'))
  const found = sources.flatMap(text =>
    [...text.matchAll(/'((?:files|link)\.[\w.-]+)'/g)].map(match => match[1] ?? ''),
  )
  expect(found.length).toBeGreaterThan(3)
  return found
}
const placeholders = (sentence: string | undefined): string[] =>
  [...(sentence ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1] ?? '').sort()

describe.each([files, link])('the sentences of kind $kind', kind => {
  const { en, fr } = kind.messages

  test('are the same in both languages, with the same values', () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
    for (const [key, sentence] of Object.entries(en)) {
      expect([key, placeholders(fr[key])]).toEqual([key, placeholders(sentence)])
    }
  })

  test('are all there: those the code names, and one for each measure', () => {
    const measures = Object.keys(kind.measures).map(name => `${kind.kind}.measure.${name}`)
    for (const key of [...quotedKeys(kind.kind), ...measures]) expect(Object.keys(en)).toContain(key)
  })
})

test('every finding and step of files has its sentence, and the values that the sentence asks for', () => {
  const component = {
    ...filesComponent({ preserve: { acls: false, xattrs: false, hardLinks: false } }),
    declaredSizeBytes: { from: 1, to: 2 },
  }
  const worst = [
    {
      ...soundFacts,
      acls: 1,
      xattrs: 1,
      hardLinked: 1,
      sourceRsync: '2.0',
      targetRsync: '2.0',
      sourceReachesTarget: false,
    },
    {
      ...soundFacts,
      sourceRsync: null,
      targetRsync: null,
      targetState: 'foreign',
      targetFilesystem: 'vfat',
      acls: null,
    },
    {
      ...soundFacts,
      targetFreeBytes: 1,
      targetFreeInodes: 1,
      devices: 1,
      filesystems: 2,
      documentsUnreadable: 1,
    },
    { ...soundFacts, unlikeUsers: ['1 a → b'], unlikeGroups: ['1 a → b'] },
    { sourceState: 'missing' },
    { sourceState: 'empty' },
  ].map(factsOf)
  const context = contextOf(component, 'preparation')
  const findings = worst.flatMap(facts => files.findings(component, facts, context))
  const steps = (['preparation', 'rehearsal', 'live'] as const).flatMap(mode =>
    worst.flatMap(facts => files.plan(component, facts, contextOf(component, mode))),
  )
  const texts = [
    ...findings.flatMap(({ text, remedy }) => [text, ...(remedy ? [remedy] : [])]),
    ...steps.flatMap(({ title, undo }) => [title, undo.possible ? undo.byHand : undo.why]),
  ]
  expect(new Set(findings.map(({ id }) => id)).size).toBeGreaterThan(20)
  for (const { key, values } of texts) {
    expect(Object.keys(files.messages.en)).toContain(key)
    expect(Object.keys(values ?? {})).toEqual(expect.arrayContaining(placeholders(files.messages.en[key])))
  }
})
