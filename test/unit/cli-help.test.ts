import { describe, expect, it } from 'vitest'
import { messages as catalogue } from '../../src/cli/messages.ts'
import { valueNames } from '../../src/cli/value-names.ts'
import type { Verb } from '../../src/cli/verb.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { CommandLine } from '../helpers/command-line.ts'

const line = new CommandLine()
const all = verbs.flatMap((verb: Verb) => [
  [verb.name],
  ...(verb.verbs ?? []).map(inner => [verb.name, inner.name]),
])
const languages = ['fr', 'en'] as const

describe('help', () => {
  it.each(languages)('lists every verb in %s, on stdout', async language => {
    const { exitCode, stdout, stderr } = await line.type('--help', '--lang', language)
    expect([exitCode, stderr]).toEqual([0, ''])
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb.name}\\b`, 'm'))
    expect(stdout).toContain({ fr: 'Codes de sortie', en: 'Exit codes' }[language])
  })

  it.each(languages)('lists every exit code in %s, and no other', async language => {
    const { stdout } = await line.type('--help', '--lang', language)
    const list = stdout.split({ fr: 'Codes de sortie', en: 'Exit codes' }[language])[1] ?? ''
    const codes = [...list.matchAll(/\b\d+\b/g)].map(([code]) => Number(code))
    expect(codes).toEqual(Object.values(exitCodes))
  })

  it('is shown when nothing is typed', async () => {
    const [nothing, help] = [await line.type(), await line.type('--help')]
    expect(nothing).toEqual(help)
  })

  it.each(all.flatMap(words => languages.map(language => [words.join(' '), language] as const)))(
    'of %s in %s has a summary and examples, and no sentence is missing',
    async (words, language) => {
      const { exitCode, stdout } = await line.type(...words.split(' '), '--help', '--lang', language)
      expect(exitCode).toBe(0)
      expect(stdout).toContain({ fr: 'Exemples\u00a0:', en: 'Examples:' }[language])
      expect(stdout).toContain(`bascule ${words}`)
      expect(stdout).not.toMatch(/\bcli\.[a-z]/)
      expect(stdout).not.toContain('{{')
    },
  )

  it.each(all.map(words => words.join(' ')))('of %s names in French what is to be filled in', async words => {
    const { stdout } = await line.type(...words.split(' '), '--help', '--lang', 'fr')
    const french = Object.values(valueNames).map(key => catalogue.fr[key])
    const filledIn = [...stdout.matchAll(/ (?:<([^>\n]+)>|\[((?!options\b)[^\]\n]+)\])/g)]
    for (const [, required, optional = ''] of filledIn)
      expect(french).toContain(required ?? optional.replace('...', ''))
  })

  it('speaks no English in the French help', async () => {
    const { stdout } = await line.type('run', '--help', '--lang', 'fr')
    expect(stdout).not.toMatch(/Usage:|Options:|Commands:|display help|choices/)
  })

  it.each([[], ['run'], ['journal']])(
    'has one heading for options and no line that begins with ; or :',
    async (...words) => {
      const { stdout } = await line.type(...words, '--help', '--lang', 'fr')
      expect(stdout.match(/^Options\u00a0:$/gm)).toHaveLength(1)
      expect(stdout).not.toMatch(/^\s*[;:?!»]/m)
    },
  )
})
