import { Temporal } from 'temporal-polyfill'
import type { Journal } from '../journal/journal.ts'
import { instantAt } from '../model/instant.ts'
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
    const now = Temporal.Now.instant().epochMilliseconds
    if (now - (keptAt.get(step) ?? 0) < keptEveryMilliseconds) return
    keptAt.set(step, now)
    journal.progress.set(run, step, { ...progress, at: instantAt(now) })
  }
}
