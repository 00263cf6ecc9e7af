import type { Measure } from '../../model/kind.ts'
import type { SiteSide } from '../../model/plan.ts'
import { askHealth, inWords, isHealthy } from './ask.ts'
import { loadMeasure } from './load/measure.ts'
import { type ProbeFailure, runProbes } from './probes/run.ts'
import { serviceAt } from './sides.ts'

/** Failures named in full; the count is always of all of them. */
const namedFailures = 20

/** How many functional requests fail; the health request is one of them. */
const failedProbes = (side: SiteSide): Measure => ({
  unit: '',
  expectedSeconds: 20,
  async measure(component, { plan }, io) {
    const at = serviceAt(component, plan, side)
    const health = await askHealth(at, io)
    const report = await runProbes(component, plan, side, io)
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
  async measure(component, { plan }, io) {
    const at = serviceAt(component, plan, side)
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
