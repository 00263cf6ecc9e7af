import type { Temporal } from 'temporal-polyfill'

/**
 * The rules of a zone as a calendar file must bring them along: the offset that holds at the start, and every change until the end.
 * Without recurrence: what lies outside is not in the file.
 */
export function vtimezone(start: Temporal.ZonedDateTime, end: Temporal.ZonedDateTime): string {
  const first = start.getTimeZoneTransition('previous')
  const changes = [...(first ? [first] : []), ...changesBetween(start, end)]
  const parts = changes.length > 0 ? changes.map(changed) : [unchanging(start)]
  return ['BEGIN:VTIMEZONE', `TZID:${start.timeZoneId}`, ...parts.flat(), 'END:VTIMEZONE'].join('\n')
}

function changesBetween(
  start: Temporal.ZonedDateTime,
  end: Temporal.ZonedDateTime,
): Temporal.ZonedDateTime[] {
  const next = start.getTimeZoneTransition('next')
  if (next === null || next.epochMilliseconds > end.epochMilliseconds) return []
  return [next, ...changesBetween(next, end)]
}

/** Its time is that of the clocks before they are changed. */
function changed(at: Temporal.ZonedDateTime): string[] {
  const before = at.subtract({ seconds: 1 })
  const onset = before.toPlainDateTime().add({ seconds: 1 }).toString({ smallestUnit: 'second' })
  const isLater = at.offsetNanoseconds > before.offsetNanoseconds
  return observance(isLater ? 'DAYLIGHT' : 'STANDARD', onset, before.offset, at.offset)
}

const unchanging = ({ offset }: Temporal.ZonedDateTime): string[] =>
  observance('STANDARD', '1970-01-01T00:00:00', offset, offset)

const observance = (name: 'STANDARD' | 'DAYLIGHT', onset: string, from: string, to: string): string[] => [
  `BEGIN:${name}`,
  `DTSTART:${onset.replaceAll(/[-:]/g, '')}`,
  `TZOFFSETFROM:${from.replaceAll(':', '')}`,
  `TZOFFSETTO:${to.replaceAll(':', '')}`,
  `END:${name}`,
]
