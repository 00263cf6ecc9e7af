import type { FindingLevel } from '../../model/fact.ts'
import type { FigureForms } from '../../model/figure.ts'
import type { KeysOf, MessageKey, Sentences } from '../../model/text.ts'
import type { About, Judgement, TypedMeasure } from '../kit/kind-parts.ts'
import { measureBandwidth } from './bandwidth.ts'
import { shownPair, tryPairs } from './connectivity.ts'
import { discover } from './discover.ts'
import { endsOf } from './ends.ts'
import { audit, type Known, link } from './facts.ts'
import { measureLatency } from './latency.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import type { LinkSpec } from './spec.ts'

/** T1: the worst of several samples; a link is as good as what it holds. */
const bandwidthMbps: TypedMeasure<LinkSpec, Known> = {
  title: 'link.measure.bandwidthMbps',
  tells: 'bandwidth',
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

const measures = { bandwidthMbps, bandwidthSpreadPercent, latencyMilliseconds, unreachablePairs }

/** How they, and the figures of the steps' results, are shown. */
const figures: FigureForms = {
  min: { label: 'link.figure.min', unit: 'Mbit/s' },
  median: { label: 'link.figure.median', unit: 'Mbit/s' },
  max: { label: 'link.figure.max', unit: 'Mbit/s' },
  spreadPercent: { label: 'link.figure.spreadPercent', unit: '%' },
  milliseconds: { label: 'link.figure.milliseconds', unit: 'ms' },
  lost: { label: 'link.figure.lost' },
  pairs: { label: 'link.figure.pairs' },
  open: { label: 'link.figure.open' },
}

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** The link between the sites: measured, never changed. */
export const kind = link.defineKind({
  messages,
  provides: {
    linkRate: ({ spec: { declaredMbps }, facts: { bandwidthMbps } }) =>
      bandwidthMbps ? { mbps: bandwidthMbps, from: 'measured' } : { mbps: declaredMbps, from: 'declared' },
  },
  discover,
  audit,
  auditsAlone: true,
  findings,
  plan: () => ({ preparation: [], rehearsal: [], live: [], close: [] }),
  actions: [],
  figures,
  returnPath: 'none',
  losesWithout: 'nothing',
  measures,
})

/** Below this part of what is declared, durations computed from the declared rate are wrong. */
const leastOfDeclared = 0.75
/** Samples further apart than this say that something else uses the link. */
const mostSpreadPercent = 20
/** From here on ssh and rsync lose time to waiting, not to sending. */
const mostLatencyMilliseconds = 50
const ethernetMtu = 1500

const rules = {
  bandwidth: { level: 'ok', text: 'link.finding.bandwidth' },
  slow: { level: 'warn', text: 'link.finding.slow', remedy: 'link.finding.slow.remedy' },
  unmeasured: { level: 'block', text: 'link.finding.unmeasured', remedy: 'link.finding.unmeasured.remedy' },
  unstable: { level: 'warn', text: 'link.finding.unstable', remedy: 'link.finding.unstable.remedy' },
  closed: { level: 'block', text: 'link.finding.closed', remedy: 'link.finding.closed.remedy' },
  'no-echo': { level: 'warn', text: 'link.finding.no-echo', remedy: 'link.finding.no-echo.remedy' },
  far: { level: 'warn', text: 'link.finding.far', remedy: 'link.finding.far.remedy' },
  losses: { level: 'warn', text: 'link.finding.losses', remedy: 'link.finding.losses.remedy' },
  mtu: { level: 'warn', text: 'link.finding.mtu', remedy: 'link.finding.mtu.remedy' },
} as const
type Found = { rule: keyof typeof rules; values: Record<string, string | number> }

/** What the measured link means for the migration. */
function findings(about: About<LinkSpec, Known>): Judgement[] {
  const { source, target, spec } = endsOf(about)
  const common = { source: source.ssh, target: target.ssh, address: target.address, port: spec.port }
  return [...judgeBandwidth(about.facts), ...judgeWay(about.facts)].map(({ rule, values: own }) => {
    const { level, text, remedy }: { level: FindingLevel; text: MessageKey; remedy?: MessageKey } =
      rules[rule]
    const values = { ...common, ...own }
    return { rule, level, text: { key: text, values }, ...(remedy && { remedy: { key: remedy, values } }) }
  })
}

function judgeBandwidth(facts: Known): Found[] {
  const { bandwidthMbps: mbps, declaredMbps: declared = 0, bandwidthSpreadPercent: spread } = facts
  if (typeof mbps !== 'number')
    return [{ rule: 'unmeasured', values: { detail: facts.bandwidthWhyNot ?? '' } }]
  const isSlow = mbps < declared * leastOfDeclared
  const found: Found[] = [{ rule: isSlow ? 'slow' : 'bandwidth', values: { mbps, declared } }]
  if (typeof spread === 'number' && spread > mostSpreadPercent)
    found.push({ rule: 'unstable', values: { spread } })
  return found
}

function judgeWay(facts: Known): Found[] {
  const {
    pairsClosed: closed = [],
    latencyMilliseconds: milliseconds,
    lostEchoes: lost,
    pathMtuBytes: mtu,
  } = facts
  const found: Found[] = []
  if (closed.length > 0)
    found.push({ rule: 'closed', values: { count: closed.length, pairs: closed.join(', ') } })
  if (typeof milliseconds !== 'number')
    found.push({ rule: 'no-echo', values: { detail: facts.latencyWhyNot ?? '' } })
  else if (milliseconds > mostLatencyMilliseconds) found.push({ rule: 'far', values: { milliseconds } })
  if (typeof lost === 'number' && lost > 0) found.push({ rule: 'losses', values: { lost } })
  if (typeof mtu === 'number' && mtu < ethernetMtu) found.push({ rule: 'mtu', values: { mtu } })
  return found
}
