import { createTranslator } from '../../src/i18n/translator.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Text } from '../../src/model/text.ts'

const translate = createTranslator(Object.values(await loadKinds()).map(({ messages }) => messages))

/** What a measure says beside its figures, in English. */
export const said = ({ detail = [] }: { detail?: Text[] }): string =>
  detail.map(text => translate(text, 'en')).join(' · ')
