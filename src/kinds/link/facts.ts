import { z } from 'zod'
import { hasCode } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { About, FactsOf } from '../kit/kind-parts.ts'
import { measureBandwidth } from './bandwidth.ts'
import { shownPair, tryPairs } from './connectivity.ts'
import { endsOf } from './ends.ts'
import { measureLatency, pathMtu } from './latency.ts'
import { type LinkSpec, linkSpec } from './spec.ts'

/** Null: it could not be measured. */
const measured = z.number().nullable()

const facts = {
  declaredMbps: { unit: 'Mbit/s', value: z.number() },
  bandwidthMbps: { unit: 'Mbit/s', value: measured },
  bandwidthSamplesMbps: { unit: 'Mbit/s', value: z.array(z.number()).nullable() },
  bandwidthSpreadPercent: { unit: '%', value: measured },
  /** Why not; empty where it was measured. */
  bandwidthWhyNot: { unit: '', value: z.string() },
  latencyMilliseconds: { unit: 'ms', value: measured },
  latencyWhyNot: { unit: '', value: z.string() },
  lostEchoes: { unit: 'echoes', value: measured },
  pathMtuBytes: { unit: 'B', value: measured },
  pairsTried: { unit: '', value: z.number() },
  pairsRefused: { unit: '', value: z.array(z.string()) },
  pairsClosed: { unit: '', value: z.array(z.string()) },
}
export type Known = FactsOf<typeof facts>

export const link = kindOf('link', linkSpec, facts)

/**
 * P2. Fills the link for some seconds: that is what measuring it means. What cannot be measured is a fact too (null, and
 * why), so that one missing tool does not hide the rest.
 */
export async function audit(about: About<LinkSpec, Known>, io: ReadIo): Promise<Known> {
  const ends = endsOf(about)
  // one after the other: an echo through a full link would measure its queue
  const latency = await orWhy(measureLatency(ends, io))
  const mtu = await pathMtu(ends, io)
  const pairs = await tryPairs(about, io)
  const bandwidth = await orWhy(measureBandwidth(ends, io))
  const named = (reach: string): string[] => pairs.filter(pair => pair.reach === reach).map(shownPair)
  return {
    declaredMbps: ends.spec.declaredMbps,
    latencyMilliseconds: latency.value?.milliseconds ?? null,
    latencyWhyNot: latency.whyNot,
    lostEchoes: latency.value?.lost ?? null,
    pathMtuBytes: mtu,
    pairsTried: pairs.length,
    pairsRefused: named('refused'),
    pairsClosed: named('closed'),
    bandwidthMbps: bandwidth.value?.min ?? null,
    bandwidthSamplesMbps: bandwidth.value?.samples ?? null,
    bandwidthSpreadPercent: bandwidth.value?.spreadPercent ?? null,
    bandwidthWhyNot: bandwidth.whyNot,
  }
}

/** The measurement, or the detail of the Failure it ended with. */
async function orWhy<T>(measured: Promise<T>): Promise<{ value?: T; whyNot: string }> {
  try {
    return { value: await measured, whyNot: '' }
  } catch (error) {
    if (!hasCode(error, 'not-measured')) throw error
    return { whyNot: String(error.text.values?.detail ?? '') }
  }
}
