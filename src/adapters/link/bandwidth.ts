import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { bandwidthClient, bandwidthServer } from './commands.ts'
import type { Ends } from './ends.ts'
import { parseBandwidth, type Spread, spreadOf } from './output.ts'

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
  const seconds = spec.secondsPerSample
  const server = io.read(target.ssh, bandwidthServer(spec.port), {
    allowFailure: true,
    timeoutSeconds: seconds + 20,
  })
  // the server's own end is awaited below; until then a failure of it must not pass for unhandled
  server.catch(() => {})
  const outcome = await clientOutcome({ spec, source, target }, io)
  const { exitCode, stdout, stderr } = await server
  if ('mbps' in outcome) return outcome.mbps
  const detail = exitCode === 0 ? outcome.error : (stderr.trim() || stdout.trim()).slice(-300)
  const values = { source: source.ssh, target: target.ssh, port: spec.port, detail }
  throw new Failure(
    { key: 'link.bandwidth.failed', values },
    { remedy: { key: 'link.bandwidth.remedy', values } },
  )
}

/** The server needs a moment to listen: a refused connection is tried again for two seconds. */
async function clientOutcome({ spec, source, target }: Omit<Ends, 'component'>, io: ReadIo) {
  const argv = bandwidthClient(target.address, spec.port, spec.secondsPerSample)
  for (let attempt = 1; ; attempt++) {
    const { stdout, stderr, exitCode } = await io.read(source.ssh, argv, {
      allowFailure: true,
      timeoutSeconds: spec.secondsPerSample + 15,
    })
    const outcome = exitCode === 127 ? { error: stderr.trim() } : parseBandwidth(stdout)
    if ('mbps' in outcome || attempt === 10 || !/refused/i.test(outcome.error)) return outcome
    await io.sleep(0.2)
  }
}
