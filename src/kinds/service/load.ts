import type { EventEmitter } from 'node:events'
import type autocannon from 'autocannon'
import { canonicalJson } from '../../model/canonical.ts'
import { millisecondsOf } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Measurement } from '../../model/kind.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import type { MeasuringService, ServiceFacts } from './facts.ts'
import { type HttpServiceSpec, isHttpSpec, type ServiceSpec } from './modelled.ts'
import type { LoadSpec } from './probe-spec.ts'
import { runProbes } from './probes/run.ts'
import { fill, MissingValue, namesIn } from './probes/values.ts'

/**
 * Several measures read the figures of one costly run. A run serves each reader once, and for a minute: a reader that
 * asks again (a check's next attempt) begins a new run, which the other readers then share too.
 */
export class SharedRuns<Result> {
  #runs = new Map<string, { startedAt: number; readers: Set<string>; result: Promise<Result> }>()
  #keptMilliseconds: number
  constructor(keptSeconds = 60) {
    this.#keptMilliseconds = keptSeconds * 1000
  }

  /** `nowMilliseconds`: any clock that grows. A run that fails is not kept. */
  read(key: string, reader: string, nowMilliseconds: number, run: () => Promise<Result>): Promise<Result> {
    const kept = this.#runs.get(key)
    const fresh = kept !== undefined && nowMilliseconds - kept.startedAt < this.#keptMilliseconds
    if (kept && fresh && !kept.readers.has(reader)) {
      kept.readers.add(reader)
      return kept.result
    }
    const begun = { startedAt: nowMilliseconds, readers: new Set([reader]), result: run() }
    this.#runs.set(key, begun)
    begun.result.catch(() => {
      if (this.#runs.get(key) === begun) this.#runs.delete(key)
    })
    return begun.result
  }
}

const sharedRuns = new SharedRuns<LoadFigures>()

/** One of the figures of a load run at the target, asked at the service itself: T13. */
export function loadMeasure(
  title: MessageKey,
  figure: 'p95Milliseconds' | 'p99Milliseconds' | 'errors',
): TypedMeasure<ServiceSpec, ServiceFacts> {
  return {
    title,
    unit: figure === 'errors' ? '' : 'ms',
    expectedSeconds: 15,
    alone: true,
    needsField: 'publicUrl',
    async measure(measuring, io) {
      const { spec } = measuring
      if (!isHttpSpec(spec)) return unverified(noUrl)
      const { load } = spec
      if (!load) return unverified({ key: 'service.measured.noLoad' })
      try {
        const figures = await sharedRun({ ...measuring, spec }, load, figure, io)
        const measured = {
          value: figures[figure],
          figures: { ...asJson(figures), simultaneous: load.simultaneous },
        }
        return figures.requests > 0
          ? measured
          : { ...measured, unverified: true, detail: [{ key: 'service.measured.noAnswer' as const }] }
      } catch (error) {
        if (error instanceof MissingValue)
          return unverified({ key: 'service.probe.noValue', values: { reference: error.reference } })
        throw error
      }
    },
  }
}

export const noUrl: Text = { key: 'service.measured.noUrl' }
export const unverified = (why: Text): Measurement => ({
  value: 0,
  figures: {},
  detail: [why],
  unverified: true,
})

function sharedRun(
  measuring: MeasuringService & { spec: HttpServiceSpec },
  load: LoadSpec,
  reader: string,
  io: ReadIo,
): Promise<LoadFigures> {
  const { component, spec, mode } = measuring
  const key = canonicalJson([component.id, component.spec, mode])
  return sharedRuns.read(key, reader, millisecondsOf(io.now()), async () => {
    const names = namesIn([load.path, load.headers ?? {}])
    const { values } = await runProbes(measuring, 'target', io, names)
    const headers = Object.entries(load.headers ?? {}).map(([name, text]) => [name, fill(text, values)])
    return runLoad(
      {
        url: spec.target.url + fill(load.path, values),
        headers: Object.fromEntries(headers),
        simultaneous: load.simultaneous,
        seconds: load.seconds,
        ...(load.requestsPerSecond !== undefined && { requestsPerSecond: load.requestsPerSecond }),
      },
      io.signal,
    )
  })
}

export type LoadRequest = {
  url: string
  headers: Record<string, string>
  simultaneous: number
  seconds: number
  requestsPerSecond?: number
}
/** `errors`: connections refused, broken or cut, timeouts, and answers that are not 2xx. */
export type LoadFigures = {
  requests: number
  errors: number
  cutConnections: number
  timeouts: number
  badStatuses: number
  requestsPerSecond: number
  medianMilliseconds: number
  p95Milliseconds: number
  p99Milliseconds: number
  slowestMilliseconds: number
}

/**
 * Many connections asking one URL at once, from this process. Every answer's time is kept, so the percentiles
 * are exact. Whatever delays this process counts as slowness of the service: the figures err on the safe side.
 */
export async function runLoad(request: LoadRequest, signal: AbortSignal): Promise<LoadFigures> {
  signal.throwIfAborted()
  const samples: number[] = []
  const cut = new CutRequests()
  const result = await cannon(request, cut, milliseconds => samples.push(milliseconds), signal)
  signal.throwIfAborted()
  const sorted = Float64Array.from(samples).sort()
  return {
    requests: samples.length,
    // autocannon counts a timeout among its errors.
    errors: result.errors + result.non2xx + cut.count,
    cutConnections: cut.count,
    timeouts: result.timeouts,
    badStatuses: result.non2xx,
    requestsPerSecond: Math.round(samples.length / Math.max(result.duration, 0.001)),
    medianMilliseconds: tenths(percentile(sorted, 50)),
    p95Milliseconds: tenths(percentile(sorted, 95)),
    p99Milliseconds: tenths(percentile(sorted, 99)),
    slowestMilliseconds: tenths(percentile(sorted, 100)),
  }
}

async function cannon(
  request: LoadRequest,
  cut: CutRequests,
  onAnswer: (milliseconds: number) => void,
  signal: AbortSignal,
): Promise<autocannon.Result> {
  const options: autocannon.Options = {
    url: request.url,
    headers: request.headers,
    connections: request.simultaneous,
    duration: request.seconds,
    timeout: 10,
    setupClient: client => cut.watch(client),
    ...(request.requestsPerSecond !== undefined && { overallRate: request.requestsPerSecond }),
  }
  // only here: it brings a hundred modules, which no other command needs
  const { default: start } = await import('autocannon')
  return new Promise((resolve, reject) => {
    const load = start(options, (error, result) => {
      signal.removeEventListener('abort', stop)
      if (error) reject(error)
      else resolve(result)
    })
    const stop = () => load.stop?.()
    load.on('response', (_client, _status, _bytes, milliseconds) => onAnswer(milliseconds))
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
}

const tenths = (value: number) => Math.round(value * 10) / 10

export const asJson = (figures: LoadFigures): JsonObject => ({ ...figures })

/**
 * Counts requests whose connection the server ended without an answer: autocannon sends them again and counts
 * nothing. Given each client before its first request (`setupClient`).
 */
class CutRequests {
  count = 0

  watch(client: EventEmitter): void {
    let waiting = false
    let closing = false
    client.on('request', () => {
      // A second request while the first still waits: autocannon has connected anew.
      if (waiting && !closing) this.count += 1
      waiting = true
    })
    // What is sent on a connection that the server said it would close is autocannon's own haste.
    client.on('headers', ({ shouldKeepAlive }: { shouldKeepAlive?: boolean }) => {
      closing = shouldKeepAlive === false
    })
    client.on('response', () => {
      waiting = false
    })
    client.on('connError', () => {
      waiting = false
    })
    // Counted by autocannon as an error, and told only after the request that replaces it has been sent.
    client.on('timeout', () => {
      this.count -= 1
    })
  }
}

/** Nearest rank: the smallest sample that at least `percent` of all samples do not pass. 0 without samples. */
export function percentile(sortedSamples: Float64Array, percent: number): number {
  const rank = Math.ceil((percent / 100) * sortedSamples.length)
  return sortedSamples[Math.max(0, rank - 1)] ?? 0
}
