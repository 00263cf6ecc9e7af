import type { Measure } from '../../model/kind.ts'
import { measureBandwidth } from './bandwidth.ts'
import { shownPair, tryPairs } from './connectivity.ts'
import { endsOf } from './ends.ts'
import { measureLatency } from './latency.ts'
import { specOf } from './spec.ts'

/** T1: the worst of several samples; a link is as good as what it holds. */
const bandwidthMbps: Measure = {
  unit: 'Mbit/s',
  expectedSeconds: 15,
  alone: true,
  async measure(component, { plan }, io) {
    const spread = await measureBandwidth(endsOf(component, plan), io)
    return { value: spread.min, figures: spread }
  },
}

/** T1, "stable": how far apart the samples are. */
const bandwidthSpreadPercent: Measure = {
  unit: '%',
  expectedSeconds: 15,
  alone: true,
  async measure(component, { plan }, io) {
    const spread = await measureBandwidth(endsOf(component, plan), io)
    return { value: spread.spreadPercent, figures: spread }
  },
}

const latencyMilliseconds: Measure = {
  unit: 'ms',
  expectedSeconds: 2,
  async measure(component, { plan }, io) {
    const latency = await measureLatency(endsOf(component, plan), io)
    return { value: latency.milliseconds, figures: latency }
  },
}

const unreachablePairs: Measure = {
  unit: 'pairs',
  expectedSeconds: 5,
  async measure(component, { plan }, io) {
    const tried = await tryPairs(plan, specOf(component).apart, io)
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
