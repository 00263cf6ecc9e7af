import { canonicalJson } from '../../../model/canonical.ts'
import { millisecondsOf } from '../../../model/instant.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { Measurement } from '../../../model/kind.ts'
import type { TypedMeasure } from '../../kit/kind-parts.ts'
import type { MeasuringService, ServiceFacts } from '../facts.ts'
import { runProbes } from '../probes/run.ts'
import type { LoadSpec } from '../probes/spec.ts'
import { fill, MissingValue, namesIn } from '../probes/values.ts'
import type { ServiceSpec } from '../spec.ts'
import { asJson, type LoadFigures, runLoad } from './run.ts'
import { SharedRuns } from './shared.ts'

const sharedRuns = new SharedRuns<LoadFigures>()

/** One of the figures of a load run at the target, asked at the service itself: T13. */
export function loadMeasure(
  figure: 'p95Milliseconds' | 'p99Milliseconds' | 'errors',
): TypedMeasure<ServiceSpec, ServiceFacts> {
  return {
    unit: figure === 'errors' ? '' : 'ms',
    expectedSeconds: 15,
    alone: true,
    async measure(measuring, io) {
      const { load } = measuring.spec
      if (!load) return unverified('the plan gives this component no `load`')
      try {
        const figures = await sharedRun(measuring, load, figure, io)
        const measured = {
          value: figures[figure],
          figures: { ...asJson(figures), simultaneous: load.simultaneous },
        }
        return figures.requests > 0
          ? measured
          : { ...measured, unverified: true, detail: 'no request was answered' }
      } catch (error) {
        if (error instanceof MissingValue) return unverified(`the load could not begin: ${error.message}`)
        throw error
      }
    },
  }
}

const unverified = (detail: string): Measurement => ({ value: 0, figures: {}, detail, unverified: true })

function sharedRun(
  measuring: MeasuringService,
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
