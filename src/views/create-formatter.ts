import { formatBytes, formatDuration, formatInstant, formatNumber } from '../i18n/format.ts'
import type { Language } from '../i18n/language.ts'
import type { Text } from '../model/text.ts'
import type { Formatter } from './formatter.ts'

/** The formatter of views in one language and the plan's zone. */
export function createFormatter(say: (text: Text) => string, language: Language, zone: string): Formatter {
  return {
    language,
    zone,
    say,
    clock: instant => formatInstant(instant, zone, language, 'clock'),
    minute: instant => formatInstant(instant, zone, language, 'minute'),
    date: instant => formatInstant(instant, zone, language, 'date'),
    day: instant => formatInstant(instant, zone, language, 'day'),
    moment: instant => formatInstant(instant, zone, language, 'moment'),
    duration: seconds => formatDuration(seconds, language),
    bytes: bytes => formatBytes(bytes, language),
    number: value => formatNumber(value, language),
  }
}
