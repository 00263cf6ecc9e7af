import type { Catalogues } from '../../model/text.ts'
import { failuresEn } from './messages/failures-en.ts'
import { failuresFr } from './messages/failures-fr.ts'
import { findingsEn } from './messages/findings-en.ts'
import { findingsFr } from './messages/findings-fr.ts'
import { stepsEn } from './messages/steps-en.ts'
import { stepsFr } from './messages/steps-fr.ts'

export const messages: Catalogues = {
  en: { ...stepsEn, ...findingsEn, ...failuresEn },
  fr: { ...stepsFr, ...findingsFr, ...failuresFr },
}
