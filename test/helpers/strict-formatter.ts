import { kind as dns } from '../../src/kinds/dns/index.ts'
import type { Text } from '../../src/model/text.ts'
import { messages as runbookMessages } from '../../src/runbook/messages.ts'
import type { Formatter } from '../../src/views/formatter.ts'
import { messages } from '../../src/views/messages.ts'

const testTexts: Record<string, string> = {
  'test.step': 'step {{step}}',
  'test.check': 'check {{check}}',
  'test.gate': 'gate {{gate}}',
  'test.cannot': 'cannot be undone',
  'test.byHand': 'by hand',
  'test.mend': 'mend it',
  'test.line': 'no answer through it',
}

/** A formatter that throws where a catalogue lacks a sentence, or a sentence lacks a value: nothing is papered over. */
export function strictFormatter(language: 'fr' | 'en' = 'en'): Formatter {
  const catalogue: Record<string, string> = {
    ...runbookMessages[language],
    ...messages[language],
    ...dns.messages[language],
    ...testTexts,
  }
  const say = ({ key, values = {} }: Text): string => {
    const sentence = catalogue[key]
    // sentences of the executor are another folder's to keep
    if (sentence === undefined && key.startsWith('run.')) return key
    if (sentence === undefined) throw new Error(`no sentence ${key} in ${language}`)
    return sentence.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = values[name]
      if (value === undefined) throw new Error(`${key} lacks the value ${name}`)
      return String(value)
    })
  }
  return {
    language,
    zone: 'UTC',
    say,
    clock: instant => new Date(instant).toISOString().slice(11, 19),
    minute: instant => new Date(instant).toISOString().slice(11, 16),
    date: instant => new Date(instant).toISOString().slice(5, 10),
    day: instant => new Date(instant).toISOString().slice(0, 10),
    moment: instant => `${instant} UTC`,
    duration: seconds => `${Math.round(seconds)} s`,
    bytes: bytes => `${bytes} B`,
    number: value => String(value),
  }
}
