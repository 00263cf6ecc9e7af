import { millisecondsOf } from '../model/instant.ts'
import type { Language } from './language.ts'
import { messages } from './messages.ts'
import { unitSpace } from './spaces.ts'

const locales = { en: 'en-GB', fr: 'fr-FR' } as const
/** `clock` 22:05:10; `minute` 22:05; `date` 12 Dec; `day` Sat 12 Dec 2026; `moment` all of it, and the zone's name. */
export type InstantStyle = 'clock' | 'minute' | 'date' | 'day' | 'moment'

/** An ISO instant as people of the plan's zone read it. */
export function formatInstant(
  instant: string,
  zone: string,
  language: Language,
  style: InstantStyle,
): string {
  const at = millisecondsOf(instant)
  const show = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locales[language], { timeZone: zone, ...options }).format(at).replace(',', '')
  const minute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const clock = { ...minute, second: '2-digit' } as const
  const date = { day: 'numeric', month: 'short' } as const
  const day = { weekday: 'short', ...date, year: 'numeric' } as const
  if (style === 'moment') return `${show(day)} ${show(clock)} ${zone}`
  return show({ clock, minute, date, day }[style])
}

/** `0.4 s`, `45 s`, `4 min 05 s`, `2 h`, `1 h 30 min`, `3 d 02 h`. */
export function formatDuration(seconds: number, language: Language): string {
  if (!Number.isFinite(seconds)) return '–'
  if (seconds < 0) return `−${formatDuration(-seconds, language)}`
  if (seconds < 9.95 && !Number.isInteger(seconds))
    return withUnit(formatNumber(seconds, language, 1), 's', language)
  const whole = Math.round(seconds)
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ]
  const parts = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
    [
      withUnit(large, largeUnit, language),
      ...(small === 0 ? [] : [withUnit(String(small).padStart(2, '0'), smallUnit, language)]),
    ].join(unitSpace[language])
  if (days > 0) return parts(days, messages[language]['unit.day'] ?? 'd', hours, 'h')
  if (hours > 0) return parts(hours, 'h', minutes, 'min')
  return minutes > 0 ? parts(minutes, 'min', whole % 60, 's') : withUnit(whole, 's', language)
}

/** `512 B`, `4.3 GB`; in French `512 o`, `4,3 Go`. Decimal units. */
export function formatBytes(bytes: number, language: Language): string {
  if (!Number.isFinite(bytes)) return '–'
  const units = ['unit.byte', 'unit.kilobyte', 'unit.megabyte', 'unit.gigabyte', 'unit.terabyte'] as const
  let [size, step] = [bytes, 0]
  // 999.95 would be written 1000.0.
  while (Math.abs(size) >= 999.95 && step < units.length - 1) {
    size /= 1000
    step += 1
  }
  const digits = step > 0 && Math.abs(size) < 99.95 ? 1 : 0
  const unit = messages[language][units[step] ?? 'unit.terabyte']
  return withUnit(formatNumber(size, language, digits), unit ?? '', language)
}

/** `160 Mbit/s`, in both languages. */
export function formatRate(bytesPerSecond: number, language: Language): string {
  if (!Number.isFinite(bytesPerSecond)) return '–'
  const megabits = (bytesPerSecond * 8) / 1e6
  return withUnit(formatNumber(megabits, language, megabits < 9.95 ? 1 : 0), 'Mbit/s', language)
}

/** At most `digits` decimals (3 when not said). */
export function formatNumber(value: number, language: Language, digits = 3): string {
  if (!Number.isFinite(value)) return '–'
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value)
}

/** A figure and its unit stay on one line in French. */
export const withUnit = (figure: number | string, unit: string, language: Language): string =>
  `${figure}${unitSpace[language]}${unit}`
