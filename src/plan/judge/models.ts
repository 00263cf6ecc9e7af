import type { Rates, SizeBytes, Work } from '../../model/schedule.ts'
import { bytesPerMegabit } from '../quantity.ts'
import type { Range } from './figures.ts'
import { checksTelling, declaredBytes, type Judged, type PlannedWork, sumOf } from './judgement.ts'

/**
 * Bytes per second where the plan measured none. Assumptions for one server with SSDs: a dump is compressed by one core, a restore
 * builds its indexes, files are read from one disk and hashed.
 */
export const assumedRates: Required<Omit<Rates, 'boot'>> = {
  dump: 60e6,
  restore: 20e6,
  hash: 200e6,
  compare: 100e6,
}

/** Work whose time comes from a rate of the hosts. */
const byHosts: Partial<Record<Work, keyof typeof assumedRates>> = {
  dump: 'dump',
  restore: 'restore',
  hash: 'hash',
  compare: 'compare',
}
/** Work that crosses the link between the sites. */
const byLink: readonly Work[] = ['replicate', 'sync', 'export', 'send', 'delta']
export const crossesLink = ({ work }: PlannedWork): boolean => byLink.includes(work)

export type HostRate = { rate: number; isAssumed: boolean }
export function hostRate({ plan }: Judged, { work }: PlannedWork): HostRate | undefined {
  const name = byHosts[work]
  if (name === undefined) return undefined
  const measured = plan.rates?.[name]
  return { rate: measured ?? assumedRates[name], isAssumed: measured === undefined }
}

/** Bytes per second: as declared, and the lowest that a check of the plan still accepts. */
export type LinkRates = { declared: number; accepted: number }
export function linkRates(judged: Judged): LinkRates | undefined {
  const mbps = judged.roles('linkRate').map(({ value }) => value.mbps)
  if (mbps.length === 0) return undefined
  const declared = Math.min(...mbps)
  const limits = checksTelling(judged, 'bandwidth').flatMap(({ id, threshold }) =>
    'atLeast' in threshold && !judged.isUnknown('checks', id, 'atLeast') ? [threshold.atLeast] : [],
  )
  // with several checks, the strictest one decides what passes
  const accepted = limits.length === 0 ? declared : Math.min(declared, Math.max(...limits))
  return { declared: declared * bytesPerMegabit, accepted: accepted * bytesPerMegabit }
}

/** What the work reads or moves; undefined while the plan does not say. Of a delta, what the plan's check lets be left. */
export function bytesOf(judged: Judged, work: PlannedWork): SizeBytes | undefined {
  if (work.sizeBytes !== undefined) return work.sizeBytes
  if (work.work !== 'delta') return declaredBytes(judged, work.components)
  const left = work.components.flatMap(component =>
    checksTelling(judged, 'delta', component).flatMap(({ id, threshold }) =>
      'below' in threshold && !judged.isUnknown('checks', id, 'below') ? [threshold.below] : [],
    ),
  )
  return left.length === 0 ? undefined : sumOf(left.map(bytes => ({ from: 0, to: bytes })))
}

/** Seconds: the least at the declared rate, the most at the lowest accepted one. Undefined without a size or a rate. */
export function needed(judged: Judged, work: PlannedWork): Range | undefined {
  const bytes = bytesOf(judged, work)
  if (bytes === undefined) return undefined
  const host = hostRate(judged, work)
  if (host !== undefined) return { from: bytes.from / host.rate, to: bytes.to / host.rate }
  const link = crossesLink(work) ? linkRates(judged) : undefined
  return link && { from: bytes.from / link.declared, to: bytes.to / link.accepted }
}
