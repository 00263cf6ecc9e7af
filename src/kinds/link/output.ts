/** Round trips in milliseconds, from `fping --vcount`: `10.0.0.1 : 0.36 0.05 -`, a dash for each that was lost. */
export function parseEchoes(output: string): { milliseconds: number[]; lost: number } {
  const line = output.split('\n').find(each => / : /.test(each)) ?? ''
  const trips = line.slice(line.indexOf(' : ') + 3).split(/\s+/)
  const milliseconds = trips.filter(trip => /^\d/.test(trip)).map(Number)
  return { milliseconds, lost: trips.filter(trip => trip === '-').length }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length / 2
  const at = (index: number): number => sorted[index] ?? Number.NaN
  return sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2
}

/** What several samples of one thing say. `spreadPercent`: how far apart they are, in parts of the middle one. */
export type Spread = { samples: number[]; min: number; median: number; max: number; spreadPercent: number }
export function spreadOf(values: readonly number[]): Spread {
  const [min, max, middle] = [Math.min(...values), Math.max(...values), median(values)]
  return {
    samples: values.map(rounded),
    min: rounded(min),
    median: rounded(middle),
    max: rounded(max),
    spreadPercent: rounded(((max - min) / middle) * 100),
  }
}

export const rounded = (value: number): number => Math.round(value * 100) / 100
