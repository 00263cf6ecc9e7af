/** Blocks of a relation, from `from` up to and without `to`. */
export type BlockRange = { from: number; to: number }

/** Sorted, without overlaps; neighbours closer than `gap` blocks become one, for one longer read beats two. */
export function merge(ranges: readonly BlockRange[], gap = 0): BlockRange[] {
  const merged: BlockRange[] = []
  for (const range of [...ranges].sort((left, right) => left.from - right.from)) {
    if (range.to <= range.from) continue
    const last = merged.at(-1)
    if (last !== undefined && range.from <= last.to + gap) last.to = Math.max(last.to, range.to)
    else merged.push({ ...range })
  }
  return merged
}

/** No part longer than `blocks`. */
export function tile(ranges: readonly BlockRange[], blocks: number): BlockRange[] {
  return ranges.flatMap(({ from, to }) => {
    const count = Math.ceil((to - from) / blocks)
    return Array.from({ length: count }, (_, index) => ({
      from: from + index * blocks,
      to: Math.min(to, from + (index + 1) * blocks),
    }))
  })
}

export const blocksIn = (ranges: readonly BlockRange[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from, 0)

export const holds = (ranges: readonly BlockRange[], block: number): boolean =>
  ranges.some(({ from, to }) => from <= block && block < to)
