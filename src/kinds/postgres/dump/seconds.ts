import type { About } from '../../kit/kind-parts.ts'
import { linkRate } from '../../kit/link-rate.ts'
import { assumedMbps } from '../actions/seed.ts'
import type { PostgresFacts } from '../facts.ts'
import type { DumpSpec } from '../spec-dump.ts'

/**
 * What one job does in a second, of the bytes that tables and indexes take: rounded down from 26, 16, 140 and 50 MB/s of a database of
 * 320 MB on two busy cores. A table is dumped and restored by one job.
 */
const rates = { dump: 20e6, restore: 10e6, analyze: 50e6, compare: 25e6 }
/** What the largest table is taken to have of all, where nobody has measured it. */
const largestShare = 0.5

type AboutDump = About<DumpSpec, PostgresFacts>

export function forecast(about: AboutDump) {
  const { facts, component, spec } = about
  const size = facts.sizeBytes ?? component.declaredSizeBytes?.to ?? 0
  const largest = Math.max(0, ...Object.values(facts.tables ?? { all: size * largestShare }))
  const rate = linkRate(about.roles)
  const by = (bytesPerSecond: number, bytes = size, biggest = largest): number =>
    Math.max(bytes / (bytesPerSecond * spec.dump.jobs), biggest / bytesPerSecond)
  const data = facts.dumpBytes ?? size
  // what crosses the line is not compressed
  const onLine = (data * 8) / ((rate?.mbps ?? assumedMbps) * 1e6)
  const dump = 5 + Math.max(by(rates.dump, data, Math.min(largest, data)), onLine)
  const steps = {
    dump,
    restore: 5 + by(rates.restore),
    analyze: 2 + by(rates.analyze),
    // one session for each database
    compare: 2 + data / rates.compare,
  }
  return { steps, linkSeconds: Math.ceil(onLine), isRateKnown: rate !== undefined }
}

/** Of a step that reads or writes all the data. */
export function timed(seconds: number) {
  const expectedSeconds = Math.round(seconds)
  return { expectedSeconds, deadlineSeconds: expectedSeconds * 4 + 600 }
}
