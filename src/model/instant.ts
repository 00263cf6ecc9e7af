import { Temporal } from 'temporal-polyfill'

/** Instants as journal and views hold them: ISO text in UTC, to the millisecond. */
const asText = (instant: Temporal.Instant): string => instant.toString({ fractionalSecondDigits: 3 })

export const now = (): string => asText(Temporal.Now.instant())
export const instantAt = (epochMilliseconds: number): string =>
  asText(Temporal.Instant.fromEpochMilliseconds(Math.round(epochMilliseconds)))
/** Throws RangeError on what is no instant. */
export const millisecondsOf = (instant: string): number => Temporal.Instant.from(instant).epochMilliseconds
/** As a plan writes its times, e.g. `2026-12-12T22:50:00`, for a sentence that names the zone beside it. */
export const localTime = (instant: string, zone: string): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
/** Negative when `to` comes first. */
export const secondsBetween = (from: string, to: string): number =>
  (millisecondsOf(to) - millisecondsOf(from)) / 1000
