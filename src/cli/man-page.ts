import type { Language } from '../i18n/language.ts'
import { createTranslator } from '../i18n/translator.ts'
import { exitCodes } from '../model/failure.ts'
import type { MessageKey, Text } from '../model/text.ts'
import { programVersion } from '../model/version.ts'
import { catalogues } from './catalogues.ts'
import { globalFlags } from './global-options.ts'
import { exitMeanings, headingOf, type Named, named, type Say, sentence } from './reference.ts'
import { flagsIn, valueNames } from './value-names.ts'

/** bascule(1), from the same data as docs/commands.md and the help. `date`: YYYY-MM-DD, shown at its foot. */
export function manPage(language: Language, date: string): string {
  const translate = createTranslator(catalogues)
  const texts = (text: Text) => translate(text, language)
  const say: Say = key => texts({ key })
  return `${[
    `.TH BASCULE 1 "${date}" "bascule ${programVersion()}" "${say('cli.man.manual')}"`,
    section(say('cli.man.name')),
    `bascule \\- ${escaped(say('cli.man.title'))}`,
    section(say('cli.man.synopsis')),
    `.B bascule\n${textLine(say('cli.usage'))}`,
    section(say('cli.man.description')),
    filled(say('cli.summary')),
    section(say('cli.man.options')),
    ...globalFlags.map(flag => tagged(flagsIn(flag, texts), say(flag.text))),
    section(say('cli.man.commands')),
    ...named().flatMap(one => verbPart(one, say, texts)),
    section(say('cli.man.exit')),
    ...Object.entries(exitCodes).map(([name, code]) =>
      tagged(String(code), say(exitMeanings[name as keyof typeof exitCodes])),
    ),
    section(say('cli.man.files')),
    tagged('~/.local/state/bascule/', say('cli.man.state')),
    section(say('cli.man.seeAlso')),
    '.BR ssh (1),\n.BR rsync (1)',
  ].join('\n')}\n`
}

function verbPart(one: Named, say: Say, texts: (text: Text) => string): string[] {
  const { arguments: given = [], options = [], summary, examples } = one.verb
  return [
    `.SS "${escaped(headingOf(one, say))}"`,
    filled(sentence(say(summary))),
    ...given.map(({ name, text, choices }) =>
      tagged(say(valueNames[name]), say(text), allowed(choices, texts)),
    ),
    ...options.map(({ text, choices, ...shape }) =>
      tagged(flagsIn(shape, texts), say(text), allowed(choices, texts)),
    ),
    `.PP\n.EX\n${say(examples).split('\n').map(textLine).join('\n')}\n.EE`,
  ]
}

function allowed(choices: readonly string[] | undefined, texts: (text: Text) => string): string {
  const key: MessageKey = 'cli.man.choices'
  return choices ? texts({ key, values: { choices: choices.join(', ') } }) : ''
}

const section = (title: string): string => `.SH "${escaped(title)}"`

const tagged = (tag: string, meaning: string, more = ''): string =>
  ['.TP', `.B "${escaped(tag)}"`, filled(sentence(meaning)), ...(more ? [filled(more)] : [])].join('\n')

/** Text whose lines a reader's program fills anew: short in the source, as its makers ask. */
const filled = (text: string): string => textLine(text.replaceAll(/(.{1,76})(?: +|$)/gm, '$1\n').trimEnd())

/** Text in which nothing is a request: a point or a quote at the head of a line would be one. */
const textLine = (text: string): string => escaped(text).replaceAll(/^(?=[.'])/gm, '\\&')

/** A hyphen is typed as such (else a terminal shows a dash that no program takes); a quote would end an argument. */
const escaped = (text: string): string =>
  text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('"', '\\(dq')
