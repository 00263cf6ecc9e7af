import { type DayRange, dayName } from '../../model/calendar.ts'
import type { Text, TextValue } from '../../model/text.ts'

/** Figures of sentences, rounded for people: 33 min, 22.5 GB, 167-333 MB/s. */
export type Range = { from: number; to: number }

export const minutes = (range: Range | number): Text => shown('plan.figure.minutes', range, 1 / 60)
export const hours = (range: Range | number): Text => shown('plan.figure.hours', range, 1 / 3600, 100)
export const gigabytes = (range: Range | number): Text => shown('plan.figure.gigabytes', range, 1e-9, 100)
export const megabytesPerSecond = (range: Range | number): Text =>
  shown('plan.figure.megabytesPerSecond', range, 1e-6)
export const megabits = (range: Range | number): Text => shown('plan.figure.megabits', range, 8e-6)

type Key = `plan.figure.${'minutes' | 'hours' | 'gigabytes' | 'megabytesPerSecond' | 'megabits'}`

/** Seconds and bytes are scaled to the unit of the sentence, and have one decimal place below `wholeFrom`. */
function shown(key: Key, range: Range | number, scale: number, wholeFrom = 10): Text {
  const { from, to } = typeof range === 'number' ? { from: range, to: range } : range
  const rounded = (value: number) => (value >= wholeFrom ? Math.round(value) : Math.round(value * 10) / 10)
  return { key, values: { value: between(rounded(from * scale), rounded(to * scale)) } }
}

const between = (from: number, to: number): TextValue =>
  from === to ? from : { key: 'plan.figure.range', values: { from, to } }

export const scaled = ({ from, to }: Range, factor: number): Range => ({
  from: from * factor,
  to: to * factor,
})

/** `J-14 to J-8`, or one day alone. */
export function rangeText({ fromDay, untilDay }: DayRange): Text {
  const values = { from: dayName(fromDay), until: dayName(untilDay) }
  return { key: fromDay === untilDay ? 'plan.people.day' : 'plan.people.days', values }
}
