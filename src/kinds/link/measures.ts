import type { FigureForms } from '../../model/figure.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { measureBandwidth } from './bandwidth.ts'
import { shownPair, tryPairs } from './connectivity.ts'
import { endsOf } from './ends.ts'
import type { Known } from './facts.ts'
import { measureLatency } from './latency.ts'
import type { LinkSpec } from './spec.ts'

/** T1: the worst of several samples; a link is as good as what it holds. */
const bandwidthMbps: TypedMeasure<LinkSpec, Known> = {
  title: 'link.measure.bandwidthMbps',
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
  title: 'link.measure.bandwidthSpreadPercent',
  unit: '%',
  expectedSeconds: 15,
  alone: true,
  async measure(about, io) {
    const spread = await measureBandwidth(endsOf(about), io)
    return { value: spread.spreadPercent, figures: spread }
  },
}

const latencyMilliseconds: TypedMeasure<LinkSpec, Known> = {
  title: 'link.measure.latencyMilliseconds',
  unit: 'ms',
  expectedSeconds: 2,
  async measure(about, io) {
    const latency = await measureLatency(endsOf(about), io)
    return { value: latency.milliseconds, figures: latency }
  },
}

const unreachablePairs: TypedMeasure<LinkSpec, Known> = {
  title: 'link.measure.unreachablePairs',
  unit: '',
  expectedSeconds: 5,
  async measure(about, io) {
    const tried = await tryPairs(about, io)
    const named = (reach: string): string[] => tried.filter(pair => pair.reach === reach).map(shownPair)
    const closed = named('closed')
    return {
      value: closed.length,
      figures: { pairs: tried.length, open: named('open').length, refused: named('refused'), closed },
      ...(closed.length > 0 && {
        detail: [{ key: 'link.measured.closed', values: { pairs: closed.join(', ') } }],
      }),
      ...(tried.length === 0 ? { unverified: true } : {}),
    }
  },
}

export const measures = { bandwidthMbps, bandwidthSpreadPercent, latencyMilliseconds, unreachablePairs }

/** How they, and the figures of the steps' results, are shown. */
export const figures: FigureForms = {
  min: { label: 'link.figure.min', unit: 'Mbit/s' },
  median: { label: 'link.figure.median', unit: 'Mbit/s' },
  max: { label: 'link.figure.max', unit: 'Mbit/s' },
  spreadPercent: { label: 'link.figure.spreadPercent', unit: '%' },
  milliseconds: { label: 'link.figure.milliseconds', unit: 'ms' },
  lost: { label: 'link.figure.lost' },
  pairs: { label: 'link.figure.pairs' },
  open: { label: 'link.figure.open' },
}
