import type { SiteSide } from '../../model/plan.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { askHealth, inWords, isHealthy } from './ask.ts'
import type { ServiceFacts } from './facts.ts'
import { loadMeasure } from './load.ts'
import { type ProbeFailure, runProbes } from './probes/run.ts'
import { serviceAt } from './sides.ts'
import type { ServiceSpec } from './spec.ts'

type Measure = TypedMeasure<ServiceSpec, ServiceFacts>

/** Failures named in full; the count is always of all of them. */
const namedFailures = 20

/** How many functional requests fail; the health request is one of them. */
const failedProbes = (side: SiteSide): Measure => ({
  unit: '',
  expectedSeconds: 20,
  async measure(measuring, io) {
    const at = serviceAt(measuring, side)
    const health = await askHealth(at, io)
    const report = await runProbes(measuring, side, io)
    const failures: ProbeFailure[] = isHealthy(at, health)
      ? []
      : [{ probe: 'health', request: `GET ${at.spec.health.path}`, why: inWords(health) }]
    failures.push(...report.failures)
    return {
      value: failures.length,
      figures: {
        sent: report.sent + 1,
        slowestMilliseconds: Math.round(Math.max(report.slowestMilliseconds, health.milliseconds)),
        failures: failures.slice(0, namedFailures),
      },
      ...(failures.length > 0 && { detail: inShort(failures) }),
    }
  },
})

const unhealthy = (side: SiteSide): Measure => ({
  unit: '',
  expectedSeconds: 5,
  async measure(measuring, io) {
    const at = serviceAt(measuring, side)
    const answer = await askHealth(at, io)
    return {
      value: isHealthy(at, answer) ? 0 : 1,
      figures: { status: answer.status ?? 0, milliseconds: Math.round(answer.milliseconds) },
      ...(!isHealthy(at, answer) && { detail: inWords(answer) }),
    }
  },
})

function inShort(failures: ProbeFailure[]): string {
  const [first] = failures
  const more = failures.length > 1 ? ` (+${failures.length - 1})` : ''
  return first ? `${first.probe}: ${first.request}: ${first.why}${more}` : ''
}

/** All of them ask the target, except those that say otherwise. */
export const measures: Record<string, Measure> = {
  failedProbes: failedProbes('target'),
  failedProbesAtSource: failedProbes('source'),
  unhealthy: unhealthy('target'),
  unhealthyAtSource: unhealthy('source'),
  loadP95Milliseconds: loadMeasure('p95Milliseconds'),
  loadP99Milliseconds: loadMeasure('p99Milliseconds'),
  loadErrors: loadMeasure('errors'),
}
