import type { FindingLevel } from '../../model/fact.ts'
import type { MessageKey } from '../../model/text.ts'
import type { About, Judgement } from '../kit/kind-parts.ts'
import { endsOf } from './ends.ts'
import type { Known } from './facts.ts'
import type { LinkSpec } from './spec.ts'

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
export function findings(about: About<LinkSpec, Known>): Judgement[] {
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
