import { chooseLanguage } from '../../src/i18n/language.ts'
import { createTranslator } from '../../src/i18n/translator.ts'
import type { MessageKey } from '../../src/model/text.ts'
import { messages } from './messages.ts'

export type Narrator = (key: MessageKey, values: Record<string, string | number>) => void

/** Says on stderr what the demo does now; stdout is for the report alone. */
export function createNarrator(language: string | undefined): Narrator {
  const translate = createTranslator([messages])
  const chosen = chooseLanguage(language, process.env)
  const begun = Date.now()
  return (key, values) => {
    const seconds = String(Math.round((Date.now() - begun) / 1000)).padStart(4)
    process.stderr.write(`\n${seconds} s ▌ ${translate({ key, values }, chosen)}\n`)
  }
}
