import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { sampleBandwidth } from '../kit/bandwidth.ts'
import type { Ends } from './ends.ts'
import { type Spread, spreadOf } from './output.ts'

/**
 * Measures that are asked for at the same time share one set of samples: two at once would each find half a link. Nothing
 * is remembered beyond that.
 */
const underWay = new Map<string, Promise<Spread>>()

/** Fills the link for a few seconds, several times, from source to target. Throws Failure when it cannot be measured. */
export function measureBandwidth(ends: Ends, io: ReadIo): Promise<Spread> {
  const key = `${ends.source.ssh} ${ends.target.ssh} ${ends.spec.port}`
  const running = underWay.get(key)
  if (running !== undefined) return running
  const samples = takeSamples(ends, io).finally(() => underWay.delete(key))
  underWay.set(key, samples)
  return samples
}

async function takeSamples(ends: Ends, io: ReadIo): Promise<Spread> {
  const mbps: number[] = []
  while (mbps.length < ends.spec.samples) {
    mbps.push(await takeSample(ends, io))
    io.report({ itemsDone: mbps.length, itemsTotal: ends.spec.samples })
  }
  return spreadOf(mbps)
}

async function takeSample({ spec, source, target }: Ends, io: ReadIo): Promise<number> {
  const { port, secondsPerSample: seconds } = spec
  const outcome = await sampleBandwidth(
    {
      from: (argv, options) => io.read(source.ssh, argv, options),
      host: target.ssh,
      address: target.address,
      port,
      seconds,
    },
    io,
  )
  if ('mbps' in outcome) return outcome.mbps
  const values = { source: source.ssh, target: target.ssh, port, detail: outcome.error }
  throw new Failure(
    { key: 'link.bandwidth.failed', values },
    { remedy: { key: 'link.bandwidth.remedy', values }, code: 'not-measured' },
  )
}
