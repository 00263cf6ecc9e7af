/** Days relative to the day of the window, as planners write them: `J-14`, `J`, `D+7`, `J-14 to J+7`. */
export type Days = { fromDay: number; untilDay: number }

const farthestDay = 366

/** Undefined when it is not understood or more than a year away. */
export function parseDay(text: string): number | undefined {
  const match = /^[JD](?:\s*([+\-−])\s*(\d{1,3}))?$/i.exec(text.trim())
  if (match === null) return undefined
  const days = Number(match[2] ?? 0)
  if (days > farthestDay) return undefined
  return match[1] === '+' || days === 0 ? days : -days
}

/** The two ends as written, even when the first is after the second; undefined when not understood. */
export function parseDays(text: string): Days | undefined {
  const [first = '', last, more] = text.split(/\s+(?:to|until|à|au)\s+/i)
  if (more !== undefined) return undefined
  const fromDay = parseDay(first)
  const untilDay = parseDay(last ?? first)
  return fromDay === undefined || untilDay === undefined ? undefined : { fromDay, untilDay }
}

/** A time of day; without a day, the first such time from the window's start on. */
export type Moment = { day?: number; hour: number; minute: number }

/** `22:15`, `22h15`, `J-1 14:00`. Undefined when not understood. */
export function parseMoment(text: string): Moment | undefined {
  const match = /^(?:(.+?)\s+)?(\d{1,2})[:h](\d{2})$/.exec(text.trim())
  if (match === null) return undefined
  const [hour, minute] = [Number(match[2]), Number(match[3])]
  if (hour > 23 || minute > 59) return undefined
  if (match[1] === undefined) return { hour, minute }
  const day = parseDay(match[1])
  return day === undefined ? undefined : { day, hour, minute }
}
