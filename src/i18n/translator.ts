import { createInstance } from 'i18next'
import type { Catalogue, Catalogues, Text } from '../model/text.ts'
import type { Language } from './language.ts'
import { messages } from './messages.ts'
import { frenchSpaces } from './spaces.ts'

export type Translate = (text: Text, language: Language) => string

/**
 * Speaks the core's sentences and those of the catalogues given: each folder's `messages` and each kind's.
 * A key without a sentence is shown as it is, with its values: ugly, and nothing is lost.
 * Throws Error when two catalogues give one key different sentences.
 */
export function createTranslator(catalogues: Iterable<Catalogues>): Translate {
  const all = [messages, ...catalogues]
  const sentences = {
    en: joined(all.map(catalogue => catalogue.en)),
    fr: joined(all.map(catalogue => catalogue.fr)),
  }
  const speakers: Partial<Record<Language, Speaker>> = {}
  const translate: Translate = (text, language) => {
    const said = withSentences(text.values ?? {}, value => translate(value, language))
    const values = language === 'fr' ? withDecimalCommas(said) : said
    // any string to i18next: its types compare every key with every other, which takes the compiler minutes
    const key: string = text.key
    speakers[language] ??= speakerOf(language, sentences[language])
    const speaker = speakers[language]
    if (speaker.exists(key, values)) return speaker.say(key, values)
    return text.values === undefined ? key : `${key} ${JSON.stringify(values)}`
  }
  return translate
}

type Values = Record<string, string | number>
type Speaker = { exists(key: string, values: Values): boolean; say(key: string, values: Values): string }

/** Made when it first speaks: a command says its sentences in one language. */
function speakerOf(language: Language, catalogue: Catalogue): Speaker {
  const instance = createInstance({
    lng: language,
    resources: {
      [language]: { translation: language === 'fr' ? withFrenchSpaces(catalogue) : catalogue },
    },
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  void instance.init()
  const say = instance.getFixedT(language)
  return {
    exists: (key, values) => instance.exists(key, { lng: language, ...values }),
    say: (key, values) => say(key, values),
  }
}

const withSentences = (values: NonNullable<Text['values']>, say: (text: Text) => string): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? say(value) : value]),
  )

function joined(catalogues: Catalogue[]): Catalogue {
  const all: Catalogue = {}
  for (const [key, sentence] of catalogues.flatMap(catalogue => Object.entries(catalogue))) {
    if (Object.hasOwn(all, key) && all[key] !== sentence) throw new Error(`two sentences for "${key}"`)
    all[key] = sentence
  }
  return all
}

const withFrenchSpaces = (catalogue: Catalogue): Catalogue =>
  Object.fromEntries(Object.entries(catalogue).map(([key, sentence]) => [key, frenchSpaces(sentence)]))

/** Integers stay as they are: ports, ids and the `count` of plural forms are among them. */
const withDecimalCommas = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isInteger(value) ? String(value).replace('.', ',') : value,
    ]),
  )
