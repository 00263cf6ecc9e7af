import type { Facts } from '../../model/fact.ts'
import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { measureBandwidth } from './bandwidth.ts'
import { shownPair, tryPairs } from './connectivity.ts'
import { endsOf } from './ends.ts'
import { measureLatency, pathMtu } from './latency.ts'

const units: Record<string, string> = {
  declaredMbps: 'Mbit/s',
  bandwidthMbps: 'Mbit/s',
  bandwidthSamplesMbps: 'Mbit/s',
  bandwidthSpreadPercent: '%',
  latencyMilliseconds: 'ms',
  lostEchoes: 'echoes',
  pathMtuBytes: 'B',
}

/**
 * P2. Fills the link for some seconds: that is what measuring it means. What cannot be measured is a fact too (null, and
 * why), so that one missing tool does not hide the rest.
 */
export async function audit(component: Component, { plan }: PlanContext, io: ReadIo): Promise<Facts> {
  const ends = endsOf(component, plan)
  // one after the other: an echo through a full link would measure its queue
  const latency = await orWhy(measureLatency(ends, io))
  const mtu = await pathMtu(ends, io)
  const pairs = await tryPairs(plan, ends.spec.apart, io)
  const bandwidth = await orWhy(measureBandwidth(ends, io))
  const named = (reach: string): string[] => pairs.filter(pair => pair.reach === reach).map(shownPair)
  const values: Record<string, Json> = {
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
  const at = io.now()
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, unit: units[name] ?? '', at }]),
  )
}

/** The measurement, or the detail of the Failure it ended with. */
async function orWhy<T>(measured: Promise<T>): Promise<{ value?: T; whyNot: string }> {
  try {
    return { value: await measured, whyNot: '' }
  } catch (error) {
    if (!(error instanceof Failure) || !error.text.key.startsWith('link.')) throw error
    return { whyNot: String(error.text.values?.detail ?? '') }
  }
}
