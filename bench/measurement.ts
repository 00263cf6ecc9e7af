/** What a benchmark under `bench/` exports as `bench`; `main.ts` finds it by reading the folder. */
export type Bench = {
  name: string
  /** What is measured against what, in a sentence. */
  about(scale: Scale): string
  run(options: Scale & { say: (line: string) => void }): Promise<Row[]>
}
/** How much is measured. Fewer files or rounds only show that it works. */
export type Scale = { files: number; rounds: number }
/**
 * One way of doing the same work. Only ratios of rows of one run mean something: the machine is shared, and no two are
 * alike.
 */
export type Row = {
  way: string
  seconds: number[]
  /** What crossed the link, in 10⁶ bytes; left out where it is not the point. */
  sentMegabytes?: number[]
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

/** How long some work takes, in seconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
