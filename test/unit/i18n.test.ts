import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { messages as demo } from '../../lab/demo/messages.ts'
import { messages as lab } from '../../lab/messages.ts'
import {
  formatBytes,
  formatDuration,
  formatInstant,
  formatNumber,
  formatRate,
} from '../../src/i18n/format.ts'
import { chooseLanguage } from '../../src/i18n/language.ts'
import { frenchSpaces } from '../../src/i18n/spaces.ts'
import { createTranslator } from '../../src/i18n/translator.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Catalogues, MessageKey } from '../../src/model/text.ts'
import { englishWords } from '../helpers/english-words.ts'

/** Every catalogue of the program: each folder's messages.ts, each kind's. */
async function allCatalogues(): Promise<[string, Catalogues][]> {
  const source = join(import.meta.dirname, '../../src')
  const files = (await readdir(source, { recursive: true })).filter(file =>
    /^[a-z0-9]+\/messages\.ts$/.test(file),
  )
  const folders = files.map(async (file): Promise<[string, Catalogues]> => {
    const { messages } = (await import(join(source, file))) as { messages: Catalogues }
    return [file, messages]
  })
  const kinds = Object.values(await loadKinds()).map(({ kind, messages }): [string, Catalogues] => [
    kind,
    messages,
  ])
  return [...(await Promise.all(folders)), ['lab', lab], ['demo', demo], ...kinds]
}
const catalogues = await allCatalogues()

/** What is typed: commands in backticks, fields of a plan, quoted words of another program, examples of a command line. */
const typed =
  /`[^`]*`|«[^»]*»|\{\{[^}]*\}\}|\b[a-z]\w*\.[\w.<>]+|\b\p{Ll}+\p{Lu}\w*|\bbascule lab (?:up|down)/gu
/** Sentences that name the fields of a file, or commands of Proxmox VE on a line of their own. */
const fieldsNamed = new Set([
  'plan.init.checks',
  'cli.report.option.evidence',
  'proxmox-vm.backup.seed.byHand',
])

/** French has a plural form for millions that few sentences need; i18next then takes `_other`. */
const required = (keys: string[]) => keys.filter(key => !key.endsWith('_many')).sort()
const placeholders = (sentence = '') =>
  [...sentence.matchAll(/\{\{\s*([\w.]+)/g)].map(match => match[1]).sort()

test('catalogues were found', () => {
  expect(catalogues.map(([name]) => name)).toEqual(
    expect.arrayContaining(['i18n/messages.ts', 'plan/messages.ts']),
  )
})

test.each(catalogues)('%s: the same keys in French and English', (_, { en, fr }) => {
  expect(required(Object.keys(fr))).toEqual(required(Object.keys(en)))
})

test.each(catalogues)('%s: no English word in a French sentence', (_, { fr }) => {
  const sentences = Object.entries(fr).filter(([key]) => !key.endsWith('.examples') && !fieldsNamed.has(key))
  const found = sentences.flatMap(([key, sentence]) =>
    englishWords(sentence.replaceAll(typed, ' '), ['SaveConfig', 'OpenZFS']).map(word => `${key}: ${word}`),
  )
  expect(found).toEqual([])
})

/** What a person puts in a command, as the English sentences name it. */
const toFillIn = /\b(?:TEXT|STEP|NAME|HOST|ROLE|FILE|VALUE|STORAGE|LAST|COMMAND)\b/

test.each(catalogues)('%s: what is to be filled in has a French name in a French sentence', (_, { fr }) => {
  const found = Object.entries(fr).filter(([, sentence]) => toFillIn.test(sentence))
  expect(found).toEqual([])
})

test.each(catalogues)('%s: the same placeholders in French and English', (_, { en, fr }) => {
  const differing = Object.keys(en).filter(
    key =>
      !key.endsWith('_one') &&
      JSON.stringify(placeholders(en[key])) !== JSON.stringify(placeholders(fr[key])),
  )
  expect(differing).toEqual([])
})

/** What the program says it with: every file of src and lab, but for the catalogues themselves. */
const sources = (await Promise.all(['src', 'lab'].map(sourcesOf))).flat()
async function sourcesOf(folder: string): Promise<{ path: string; text: string }[]> {
  const root = join(import.meta.dirname, '../..')
  const files = (await readdir(join(root, folder), { recursive: true })).filter(file => file.endsWith('.ts'))
  return Promise.all(
    files.map(async file => {
      const path = join(folder, file)
      return { path, text: await readFile(join(root, path), 'utf8') }
    }),
  )
}
const literals = new Set(
  sources.flatMap(({ text }) =>
    [...text.matchAll(/'([A-Za-z][\w-]*(?:\.[\w-]+)+)'/g)].map(match => match[1]),
  ),
)

test.each(catalogues)('%s: no sentence that nothing says', (_, { en }) => {
  const keys = Object.keys(en).map(key => key.replace(/_(one|other|many)$/, ''))
  expect(keys.filter(key => !literals.has(key))).toEqual([])
})

test('all catalogues together: no key with two sentences', () => {
  expect(() => createTranslator(catalogues.map(([, messages]) => messages))).not.toThrow()
})

test('sentences, values, plurals; a missing sentence loses nothing', () => {
  const t = createTranslator([
    {
      en: { 'a.b': 'moved {{what}}', 'a.n_one': '{{count}} row', 'a.n_other': '{{count}} rows' },
      fr: { 'a.b': '{{what}} déplacé', 'a.n_one': '{{count}} ligne', 'a.n_other': '{{count}} lignes' },
    },
  ])
  expect(t({ key: 'a.b' as MessageKey, values: { what: '<b>$t(a.n)</b> {{x}}' } }, 'en')).toBe(
    'moved <b>$t(a.n)</b> {{x}}',
  )
  expect(t({ key: 'a.n' as MessageKey, values: { count: 1 } }, 'en')).toBe('1 row')
  expect(t({ key: 'a.n' as MessageKey, values: { count: 0 } }, 'en')).toBe('0 rows')
  expect(t({ key: 'a.n' as MessageKey, values: { count: 0 } }, 'fr')).toBe('0 ligne')
  expect(t({ key: 'a.missing' as MessageKey, values: { x: 1 } }, 'fr')).toBe('a.missing {"x":1}')
  expect(() =>
    createTranslator([
      { en: { k: 'a' }, fr: {} },
      { en: { k: 'b' }, fr: {} },
    ]),
  ).toThrow('two sentences')
})

test('French has its spaces that do not break; what is typed keeps its own', () => {
  expect(frenchSpaces('« {{name}} » : {{n}} % à {{rate}} Mbit/s ; 5 s, 3 sites ?')).toBe(
    '«\u00a0{{name}}\u00a0»\u00a0: {{n}}\u00a0% à {{rate}}\u00a0Mbit/s\u00a0; 5\u00a0s, 3 sites\u00a0?',
  )
  expect(frenchSpaces('Taper : `if ! ssh {{host}} true ; then` puis attendre')).toBe(
    'Taper\u00a0: `if ! ssh {{host}} true ; then` puis attendre',
  )
  const t = createTranslator([{ en: {}, fr: { 'a.b': 'Reprendre : {{command}}' } }])
  expect(t({ key: 'a.b' as MessageKey, values: { command: 'test ! -e x ; true' } }, 'fr')).toBe(
    'Reprendre\u00a0: test ! -e x ; true',
  )
})

test('the language: --lang, then the variables in order, then English', () => {
  expect(chooseLanguage('fr', { LANG: 'en_GB.UTF-8' })).toBe('fr')
  expect(chooseLanguage(undefined, { LANG: 'fr_FR.UTF-8' })).toBe('fr')
  expect(chooseLanguage(undefined, { LC_ALL: 'en_US', LANG: 'fr_FR' })).toBe('en')
  expect(chooseLanguage(undefined, { LC_ALL: '', LC_MESSAGES: 'fr', LANG: 'en' })).toBe('fr')
  expect(chooseLanguage(undefined, { BASCULE_LANG: 'fr', LC_ALL: 'C' })).toBe('fr')
  expect(chooseLanguage(undefined, { LANG: 'de_DE' })).toBe('en')
  expect(chooseLanguage(undefined, {})).toBe('en')
  expect(() => chooseLanguage('de', {})).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test('instants are read in the plan’s zone', () => {
  const instant = '2026-12-12T21:47:12Z'
  expect(formatInstant(instant, 'Europe/Paris', 'fr', 'moment')).toBe(
    'sam. 12 déc. 2026 22:47:12 Europe/Paris',
  )
  expect(formatInstant(instant, 'Europe/Paris', 'en', 'moment')).toBe('Sat 12 Dec 2026 22:47:12 Europe/Paris')
  expect(formatInstant('2026-12-12T23:00:00Z', 'Europe/Paris', 'en', 'clock')).toBe('00:00:00')
  expect(formatInstant(instant, 'America/New_York', 'en', 'minute')).toBe('16:47')
})

/** In French a figure and its unit stay on one line. */
const unbroken = (text: string): string => text.replaceAll(' ', '\u00a0')

test.each([
  [0, '0 s', '0 s'],
  [0.42, '0.4 s', '0,4 s'],
  [9.97, '10 s', '10 s'],
  [45, '45 s', '45 s'],
  [245, '4 min 05 s', '4 min 05 s'],
  [3599.6, '1 h', '1 h'],
  [5400, '1 h 30 min', '1 h 30 min'],
  [266_400, '3 d 02 h', '3 j 02 h'],
  [-90, '−1 min 30 s', '−1 min 30 s'],
  [Number.NaN, '–', '–'],
])('%s seconds', (seconds, english, french) => {
  const [inEnglish, inFrench] = [formatDuration(seconds, 'en'), formatDuration(seconds, 'fr')]
  expect([inEnglish, inFrench]).toEqual([english, unbroken(french)])
})

test('bytes, rates and numbers', () => {
  expect([0, 512, 999.97e3, 4.31e9, 655e9, 2e15].map(bytes => formatBytes(bytes, 'en'))).toEqual([
    '0 B',
    '512 B',
    '1 MB',
    '4.3 GB',
    '655 GB',
    '2,000 TB',
  ])
  expect([512, 4.31e9].map(bytes => formatBytes(bytes, 'fr'))).toEqual(['512 o', '4,3 Go'].map(unbroken))
  expect(formatRate(20e6, 'fr')).toBe(unbroken('160 Mbit/s'))
  expect(formatNumber(12_345.678, 'en')).toBe('12,345.678')
})

test('French figures have a decimal comma; integers and English stay', () => {
  const catalogue = { 'x.figure': '{{size}} {{port}}' }
  const translate = createTranslator([{ en: catalogue, fr: catalogue }])
  const text = { key: 'x.figure' as MessageKey, values: { size: 0.06, port: 5432 } }
  expect([translate(text, 'fr'), translate(text, 'en')]).toEqual(['0,06 5432', '0.06 5432'])
})
