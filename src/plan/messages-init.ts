import type { Catalogues } from '../model/text.ts'

export const initMessages: Catalogues = { en: {}, fr: {} }
