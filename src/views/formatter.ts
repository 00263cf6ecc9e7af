import type { Text } from '../model/text.ts'

/** How a view speaks: one language, one zone. */
export type Formatter = {
  language: 'fr' | 'en'
  zone: string
  say(text: Text): string
  /** Time of day in the plan's zone, e.g. 22:05:10. */
  clock(instant: string): string
  /** The same to the minute, e.g. 22:05. */
  minute(instant: string): string
  /** Day and month, e.g. 12 Dec. */
  date(instant: string): string
  /** e.g. Sat 12 Dec 2026. */
  day(instant: string): string
  /** Date, time of day and the zone's name. */
  moment(instant: string): string
  /** e.g. 4 min 05 s. */
  duration(seconds: number): string
  bytes(bytes: number): string
  number(value: number): string
}
