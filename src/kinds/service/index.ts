import type { FigureForms } from '../../model/figure.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { KeysOf, MessageKey, Sentences, Text } from '../../model/text.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { maintenanceOff } from './actions/maintenance-off.ts'
import { maintenanceOn, maintenanceOnTarget } from './actions/maintenance-on.ts'
import { noteUnits } from './actions/note-units.ts'
import { awaitHealthy, start, startUnitsAtTarget } from './actions/start.ts'
import { stop } from './actions/stop.ts'
import { stopAndBlock } from './actions/stop-and-block.ts'
import { discover } from './discover/index.ts'
import { type AboutService, audit, type ServiceFacts, service } from './facts.ts'
import { findings } from './findings.ts'
import { askHealth } from './health.ts'
import { loadMeasure, noUrl, unverified } from './load.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { isHttpSpec, type ServiceSpec } from './modelled.ts'
import { type ProbeFailure, runProbes, seen } from './probes/run.ts'
import { remarks } from './remarks.ts'
import { isBlockedWhenStopped, isManaged, serviceAt } from './sides.ts'

type Measure = TypedMeasure<ServiceSpec, ServiceFacts>

/** Failures named in full; the count is always of all of them. */
const namedFailures = 20

/** How many functional requests fail; the health request is one of them. */
const failedProbes = (title: MessageKey, side: SiteSide): Measure => ({
  title,
  unit: '',
  expectedSeconds: 20,
  needsField: 'publicUrl',
  async measure(measuring, io) {
    const { spec } = measuring
    if (!isHttpSpec(spec)) return unverified(noUrl)
    const health = await askHealth(serviceAt(measuring, side), io)
    const report = await runProbes({ ...measuring, spec }, side, io)
    const failures: ProbeFailure[] = health.healthy
      ? []
      : [{ probe: 'health', request: `GET ${spec.health.path}`, why: seen(health.said) }]
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

const unhealthy = (title: MessageKey, side: SiteSide): Measure => ({
  title,
  unit: '',
  expectedSeconds: 5,
  async measure(measuring, io) {
    const { healthy, said, milliseconds, status } = await askHealth(serviceAt(measuring, side), io)
    return {
      value: healthy ? 0 : 1,
      figures: {
        ...(isHttpSpec(measuring.spec) && { status: status ?? 0 }),
        milliseconds: Math.round(milliseconds),
      },
      ...(!healthy && { detail: [seen(said)] }),
    }
  },
})

/** The first, and how many more. */
function inShort([first, ...more]: ProbeFailure[]): Text[] {
  if (first === undefined) return []
  const values = { probe: first.probe, request: first.request }
  return [
    { key: 'service.measured.failure', values },
    first.why,
    ...(more.length > 0 ? [{ key: 'service.measured.more' as const, values: { count: more.length } }] : []),
  ]
}

/** All of them ask the target, except those that say otherwise. */
const measures: Record<string, Measure> = {
  failedProbes: failedProbes('service.measure.failedProbes', 'target'),
  failedProbesAtSource: failedProbes('service.measure.failedProbesAtSource', 'source'),
  unhealthy: unhealthy('service.measure.unhealthy', 'target'),
  unhealthyAtSource: unhealthy('service.measure.unhealthyAtSource', 'source'),
  loadP95Milliseconds: loadMeasure('service.measure.loadP95Milliseconds', 'p95Milliseconds'),
  loadP99Milliseconds: loadMeasure('service.measure.loadP99Milliseconds', 'p99Milliseconds'),
  loadErrors: loadMeasure('service.measure.loadErrors', 'errors'),
}

/** How they, and the figures of the steps' results, are shown. */
const figures: FigureForms = {
  sent: { label: 'service.figure.sent' },
  slowestMilliseconds: { label: 'service.figure.slowestMilliseconds', unit: 'ms' },
  status: { label: 'service.figure.status' },
  milliseconds: { label: 'service.figure.milliseconds', unit: 'ms' },
  requests: { label: 'service.figure.requests' },
  errors: { label: 'service.figure.errors' },
  cutConnections: { label: 'service.figure.cutConnections' },
  timeouts: { label: 'service.figure.timeouts' },
  badStatuses: { label: 'service.figure.badStatuses' },
  requestsPerSecond: { label: 'service.figure.requestsPerSecond' },
  medianMilliseconds: { label: 'service.figure.medianMilliseconds', unit: 'ms' },
  p95Milliseconds: { label: 'service.figure.p95Milliseconds', unit: 'ms' },
  p99Milliseconds: { label: 'service.figure.p99Milliseconds', unit: 'ms' },
  simultaneous: { label: 'service.figure.simultaneous' },
  startSeconds: { label: 'service.figure.startSeconds', unit: 's' },
}

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** What a night has of each kind of service. One without a manager has no stop: the shutdown of its VM is one, in the same stage. */
function partsOf(about: AboutService) {
  const page = isHttpSpec(about.spec)
    ? { close: { target: [maintenanceOnTarget], both: [maintenanceOn] }, open: [maintenanceOff] }
    : { close: { target: [], both: [] }, open: [] }
  if (!isManaged(serviceAt(about, 'target'))) return { ...page, note: [], down: [], up: [awaitHealthy] }
  return isBlockedWhenStopped(about)
    ? { ...page, note: [noteUnits], down: [stopAndBlock], up: [startUnitsAtTarget] }
    : { ...page, note: [], down: [stop], up: [start] }
}

/** A service that people reach by HTTP, with a maintenance page in front of it; or one without: a worker, a share, a timer. */
export const kind = service.defineKind({
  messages,
  provides: {
    probed: ({ spec }) =>
      isHttpSpec(spec)
        ? { source: spec.source.url, target: spec.target.url, publicUrl: spec.publicUrl }
        : undefined,
  },
  remarks,
  discover,
  audit,
  steadyFacts: ['source.installed', 'target.installed'],
  findings,
  plan(about) {
    const { close, note, down, up, open } = partsOf(about)
    return {
      preparation: [],
      // Behind its maintenance page; the source is left alone.
      rehearsal: [...close.target, ...note, ...up],
      live: [...close.both, ...note, ...down, ...up, ...open],
      close: [],
    }
  },
  actions: [
    ...[maintenanceOn, maintenanceOnTarget, noteUnits, stop, stopAndBlock],
    ...[start, startUnitsAtTarget, awaitHealthy, maintenanceOff],
  ],
  figures,
  returnPath: 'none',
  losesWithout: 'nothing',
  measures,
})
