import type { Catalogues } from '../../model/text.ts'
import { english } from './messages-en.ts'
import { french } from './messages-fr.ts'

export const messages: Catalogues = { en: english, fr: french }
