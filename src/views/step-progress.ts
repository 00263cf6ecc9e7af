import { secondsBetween } from '../model/instant.ts'
import type { Progress } from '../model/io.ts'
import type { Text } from '../model/text.ts'

/**
 * How far a running attempt is. `done` never falls and never passes `total`; `percent` is a whole number that never
 * falls and stays under 100: only the step's end says that it is done.
 */
export type StepProgress = {
  unit: 'bytes' | 'items' | 'none'
  done: number
  total?: number
  percent?: number
  /** Over the last `rateWindowSeconds`, in units a second. */
  perSecond?: number
  remainingSeconds?: number
  note?: Text | string
  startedAt: string
  /** When the figures last came: their age tells a slow step from a dead one. */
  updatedAt: string
  samples: { at: string; done: number }[]
}

const rateWindowSeconds = 20

export function startProgress(at: string): StepProgress {
  return { unit: 'none', done: 0, startedAt: at, updatedAt: at, samples: [] }
}

/** The stepProgress after one more report of the same attempt. Pure. Bytes are preferred to items when both are told. */
export function advanceProgress(before: StepProgress, progress: Progress, at: string): StepProgress {
  const figures = figuresOf(progress)
  const note = progress.note ?? before.note
  const unit = figures?.unit ?? before.unit
  const same = unit === before.unit
  const claimed = Math.max(figures?.done ?? 0, same ? before.done : 0)
  const total = figures?.total ?? (same ? before.total : undefined)
  const done = total === undefined ? claimed : Math.min(claimed, Math.max(total, same ? before.done : 0))
  const samples = recent([...(same ? before.samples : []), { at, done }], at)
  const perSecond = rate(samples)
  const percent = percentOf(done, total, before.percent)
  const whole = total === undefined ? undefined : Math.max(total, done)
  const remainingSeconds =
    whole !== undefined && perSecond !== undefined && perSecond > 0 ? (whole - done) / perSecond : undefined
  return {
    unit,
    done,
    ...(whole === undefined ? {} : { total: whole }),
    ...(percent === undefined ? {} : { percent }),
    ...(perSecond === undefined ? {} : { perSecond }),
    ...(remainingSeconds === undefined ? {} : { remainingSeconds }),
    ...(note === undefined ? {} : { note }),
    startedAt: before.startedAt,
    updatedAt: secondsBetween(before.updatedAt, at) > 0 ? at : before.updatedAt,
    samples,
  }
}

/** The stepProgress from its last report alone: the rate is the mean since the start. */
export function progressSince(startedAt: string, progress: Progress, at: string): StepProgress {
  const stepProgress = advanceProgress(startProgress(startedAt), progress, at)
  const seconds = secondsBetween(startedAt, at)
  if (stepProgress.unit === 'none' || seconds <= 0) return stepProgress
  const perSecond = stepProgress.done / seconds
  const left =
    stepProgress.total === undefined || perSecond === 0
      ? undefined
      : (stepProgress.total - stepProgress.done) / perSecond
  return { ...stepProgress, perSecond, ...(left === undefined ? {} : { remainingSeconds: left }) }
}

function figuresOf(
  progress: Progress,
): { unit: 'bytes' | 'items'; done: number; total?: number } | undefined {
  const choices = [
    ['bytes', progress.bytesDone, progress.bytesTotal],
    ['items', progress.itemsDone, progress.itemsTotal],
  ] as const
  for (const [unit, done, total] of choices) {
    if (done === undefined || !Number.isFinite(done)) continue
    const usable = total !== undefined && Number.isFinite(total) && total > 0
    return { unit, done: Math.max(0, done), ...(usable ? { total } : {}) }
  }
  return undefined
}

function percentOf(done: number, total: number | undefined, before: number | undefined): number | undefined {
  if (total === undefined || total <= 0) return before
  return Math.max(before ?? 0, Math.min(99, Math.floor((100 * done) / total)))
}

function recent(samples: StepProgress['samples'], at: string): StepProgress['samples'] {
  const kept = samples.filter(sample => secondsBetween(sample.at, at) <= rateWindowSeconds)
  return kept.slice(-60)
}

function rate(samples: StepProgress['samples']): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) return undefined
  const seconds = secondsBetween(first.at, last.at)
  return seconds > 0 ? (last.done - first.done) / seconds : undefined
}
