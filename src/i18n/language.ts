import { exitCodes, Failure } from '../model/failure.ts'
import type { Catalogues } from '../model/text.ts'

export type Language = keyof Catalogues
const languages: readonly Language[] = ['en', 'fr']

/**
 * `--lang`, else the first of BASCULE_LANG, LC_ALL, LC_MESSAGES and LANG that is set; English when it names another
 * language. Throws Failure for a `--lang` that is not spoken.
 */
export function chooseLanguage(flag: string | undefined, env: Record<string, string | undefined>): Language {
  if (flag !== undefined) return spoken(flag) ?? refuse(flag)
  const locale = [env.BASCULE_LANG, env.LC_ALL, env.LC_MESSAGES, env.LANG].find(value => value)
  return spoken(locale ?? '') ?? 'en'
}

/** `fr`, `fr_FR.UTF-8`, `FR`. */
function spoken(locale: string): Language | undefined {
  const language = locale.toLowerCase().split(/[_.@-]/)[0]
  return languages.find(known => known === language)
}

function refuse(language: string): never {
  throw new Failure(
    { key: 'i18n.unknownLanguage', values: { language } },
    { remedy: { key: 'i18n.unknownLanguage.remedy' }, exitCode: exitCodes.usage },
  )
}
