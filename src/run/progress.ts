import type { Journal } from '../journal/journal.ts'
import { now } from '../model/instant.ts'
import type { Progress } from '../model/io.ts'

/** How often a step's progress is kept for those who look from outside, in milliseconds. */
const keptEveryMilliseconds = 500

/** Every report goes on to the screen; the journal's table, which is on the disk, gets one of them now and then. */
export function throttledProgress(
  journal: Journal,
  run: string,
  onProgress: ((step: string, progress: Progress) => void) | undefined,
): (step: string, progress: Progress) => void {
  const keptAt = new Map<string, number>()
  return (step, progress) => {
    onProgress?.(step, progress)
    const elapsed = performance.now()
    if (elapsed - (keptAt.get(step) ?? Number.NEGATIVE_INFINITY) < keptEveryMilliseconds) return
    keptAt.set(step, elapsed)
    journal.progress.set(run, step, { ...progress, at: now() })
  }
}
