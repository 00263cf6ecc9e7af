import { chooseLanguage } from '../../src/i18n/language.ts'
import { createTranslator } from '../../src/i18n/translator.ts'
import { messages } from './messages.ts'

/** Says on stderr what the demo does now; stdout is for the report alone. */
export function createNarrator(language: string | undefined) {
  const translate = createTranslator([messages])
  const chosen = chooseLanguage(language, process.env)
  const begun = Date.now()
  return (key: string, values: Record<string, string | number>): void => {
    const seconds = String(Math.round((Date.now() - begun) / 1000)).padStart(4)
    process.stderr.write(`\n${seconds} s ▌ ${translate({ key: `demo.${key}`, values }, chosen)}\n`)
  }
}
