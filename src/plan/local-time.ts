import { Temporal } from 'temporal-polyfill'

/** `2026-12-12T22:00`, seconds and an offset allowed. Says nothing of whether the day exists. */
export function isLocalTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2})?$/.test(text)
}

/** An IANA zone; a bare offset is none, because it knows no daylight saving time. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** How a local time reads in a zone. In a `fold` it comes twice: the two offsets, first the earlier. */
export type Reading =
  | { is: 'once' }
  | { is: 'gap'; next: string }
  | { is: 'fold'; offsets: [string, string] }
  | { is: 'wrong-offset'; offset: string }

/** `local` must be a date and time that exist in the calendar, `zone` a zone. */
export function readLocalTime(local: string, zone: string): Reading {
  const plain = Temporal.PlainDateTime.from(local)
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  const given = /[+-]\d{2}:\d{2}$/.exec(local.slice(10))?.[0]
  if (!later.toPlainDateTime().equals(plain)) return { is: 'gap', next: shortLocal(later.toPlainDateTime()) }
  const fits = [earlier.offset, later.offset]
  if (given !== undefined)
    return fits.includes(given) ? { is: 'once' } : { is: 'wrong-offset', offset: fits[0] ?? '' }
  return earlier.equals(later) ? { is: 'once' } : { is: 'fold', offsets: [earlier.offset, later.offset] }
}

/**
 * The local time as the model keeps it: without an offset wherever the zone says it all; in a fold the offset of
 * the second passage stays. `Temporal.ZonedDateTime.from(`${start}[${zone}]`)` reads both.
 */
export function canonicalLocalTime(local: string, zone: string): string {
  const plain = Temporal.PlainDateTime.from(local)
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  const isSecondPassage =
    local.slice(10).endsWith(later.offset) && readLocalTime(shortLocal(plain), zone).is === 'fold'
  return isSecondPassage ? `${shortLocal(plain)}${later.offset}` : shortLocal(plain)
}

function shortLocal(plain: Temporal.PlainDateTime): string {
  return plain.toString({ smallestUnit: plain.second === 0 ? 'minute' : 'second' })
}
