/** Figures as people write them: `2 h`, `1 h 30 min`, `50 GB`, `50-100 GB`, `200 Mbit/s`. Units are decimal. */
type Dimension = 'time' | 'bytes' | 'rate' | 'percent'
export type Quantity = { dimension: Dimension; value: number }

/** Base units: seconds, bytes, Mbit/s, per cent. French names stand beside the English ones. */
const units: Record<string, Quantity> = {
  ms: { dimension: 'time', value: 0.001 },
  s: { dimension: 'time', value: 1 },
  min: { dimension: 'time', value: 60 },
  h: { dimension: 'time', value: 3600 },
  d: { dimension: 'time', value: 86_400 },
  j: { dimension: 'time', value: 86_400 },
  B: { dimension: 'bytes', value: 1 },
  o: { dimension: 'bytes', value: 1 },
  kB: { dimension: 'bytes', value: 1e3 },
  KB: { dimension: 'bytes', value: 1e3 },
  ko: { dimension: 'bytes', value: 1e3 },
  Ko: { dimension: 'bytes', value: 1e3 },
  MB: { dimension: 'bytes', value: 1e6 },
  Mo: { dimension: 'bytes', value: 1e6 },
  GB: { dimension: 'bytes', value: 1e9 },
  Go: { dimension: 'bytes', value: 1e9 },
  TB: { dimension: 'bytes', value: 1e12 },
  To: { dimension: 'bytes', value: 1e12 },
  'Mbit/s': { dimension: 'rate', value: 1 },
  'Gbit/s': { dimension: 'rate', value: 1000 },
  'kB/s': { dimension: 'rate', value: 0.008 },
  'ko/s': { dimension: 'rate', value: 0.008 },
  'MB/s': { dimension: 'rate', value: 8 },
  'Mo/s': { dimension: 'rate', value: 8 },
  'GB/s': { dimension: 'rate', value: 8000 },
  'Go/s': { dimension: 'rate', value: 8000 },
  '%': { dimension: 'percent', value: 1 },
}

/** The units in which kinds measure, as they name them. */
const measureUnits: Record<string, Quantity> = {
  ...units,
  seconds: { dimension: 'time', value: 1 },
  milliseconds: { dimension: 'time', value: 0.001 },
  bytes: { dimension: 'bytes', value: 1 },
  Mbps: { dimension: 'rate', value: 1 },
  percent: { dimension: 'percent', value: 1 },
}

const number = String.raw`\d+(?:[.,]\d+)?`
const part = new RegExp(String.raw`^(${number})\s*([A-Za-z%][A-Za-z/]*)\s*`)

/** One figure with its unit, or several of time that add up. Undefined when it is not understood. */
export function parseQuantity(text: string): Quantity | undefined {
  let rest = text.trim()
  let total: Quantity | undefined
  while (rest !== '') {
    const match = part.exec(rest)
    const unit = match?.[2] === undefined || !Object.hasOwn(units, match[2]) ? undefined : units[match[2]]
    if (match?.[1] === undefined || unit === undefined) return undefined
    if (total !== undefined && (total.dimension !== 'time' || unit.dimension !== 'time')) return undefined
    // Rounded to nine places: 0.1 ms and 1.005 GB must not carry the noise of binary fractions.
    const value = Math.round((toNumber(match[1]) * unit.value + (total?.value ?? 0)) * 1e9) / 1e9
    total = { dimension: unit.dimension, value }
    rest = rest.slice(match[0].length)
  }
  return total !== undefined && Number.isFinite(total.value) ? total : undefined
}

/** Seconds. */
export function parseDuration(text: string): number | undefined {
  const quantity = parseQuantity(text)
  return quantity?.dimension === 'time' ? quantity.value : undefined
}

/** Bytes per second, from bits or bytes. */
export function parseByteRate(text: string): number | undefined {
  const quantity = parseQuantity(text)
  if (quantity?.dimension !== 'rate' || quantity.value === 0) return undefined
  return quantity.value * bytesPerMegabit
}
/** Bytes per second of 1 Mbit/s. */
export const bytesPerMegabit = 125_000

/** Bytes; one size stands for a range of no width. The unit of the first figure may be omitted. */
export function parseSizeRange(text: string): { from: number; to: number } | undefined {
  const [left = '', right, more] = text.split(/\s*[-–]\s*/)
  if (more !== undefined) return undefined
  const to = parseSize(right ?? left)
  const unit = /[A-Za-z]+\s*$/.exec(right ?? '')?.[0] ?? ''
  const from = parseSize(left) ?? parseSize(`${left} ${unit}`)
  return from === undefined || to === undefined || from > to ? undefined : { from, to }
}

function parseSize(text: string): number | undefined {
  const quantity = parseQuantity(text)
  return quantity?.dimension === 'bytes' ? Math.round(quantity.value) : undefined
}

/** Whether a measure counts things (rows, files): its figures are bare numbers. */
export function isCount(measureUnit: string): boolean {
  return !Object.hasOwn(measureUnits, measureUnit)
}

/** The figure in a measure's own unit; undefined when the dimensions differ. */
export function inMeasureUnit(quantity: Quantity, measureUnit: string): number | undefined {
  const unit = Object.hasOwn(measureUnits, measureUnit) ? measureUnits[measureUnit] : undefined
  if (unit?.dimension !== quantity.dimension) return undefined
  return Math.round((quantity.value / unit.value) * 1e9) / 1e9
}

function toNumber(text: string): number {
  return Number(text.replace(',', '.'))
}
