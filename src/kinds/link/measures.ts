import type { TypedMeasure } from '../kit/kind-parts.ts'
import { measureBandwidth } from './bandwidth.ts'
import { shownPair, tryPairs } from './connectivity.ts'
import { endsOf } from './ends.ts'
import type { Known } from './facts.ts'
import { measureLatency } from './latency.ts'
import type { LinkSpec } from './spec.ts'

/** T1: the worst of several samples; a link is as good as what it holds. */
const bandwidthMbps: TypedMeasure<LinkSpec, Known> = {
  unit: 'Mbit/s',
  expectedSeconds: 15,
  alone: true,
  async measure(about, io) {
    const spread = await measureBandwidth(endsOf(about), io)
    return { value: spread.min, figures: spread }
  },
}

/** T1, "stable": how far apart the samples are. */
const bandwidthSpreadPercent: TypedMeasure<LinkSpec, Known> = {
  unit: '%',
  expectedSeconds: 15,
  alone: true,
  async measure(about, io) {
    const spread = await measureBandwidth(endsOf(about), io)
    return { value: spread.spreadPercent, figures: spread }
  },
}

const latencyMilliseconds: TypedMeasure<LinkSpec, Known> = {
  unit: 'ms',
  expectedSeconds: 2,
  async measure(about, io) {
    const latency = await measureLatency(endsOf(about), io)
    return { value: latency.milliseconds, figures: latency }
  },
}

const unreachablePairs: TypedMeasure<LinkSpec, Known> = {
  unit: 'pairs',
  expectedSeconds: 5,
  async measure(about, io) {
    const tried = await tryPairs(about, io)
    const named = (reach: string): string[] => tried.filter(pair => pair.reach === reach).map(shownPair)
    const closed = named('closed')
    return {
      value: closed.length,
      figures: { pairs: tried.length, open: named('open').length, refused: named('refused'), closed },
      ...(closed.length > 0 ? { detail: closed.join(', ') } : {}),
      ...(tried.length === 0 ? { unverified: true } : {}),
    }
  },
}

export const measures = { bandwidthMbps, bandwidthSpreadPercent, latencyMilliseconds, unreachablePairs }
