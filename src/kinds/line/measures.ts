import { Failure } from '../../model/failure.ts'
import type { FigureForms } from '../../model/figure.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Plan } from '../../model/plan.ts'
import { sampleBandwidth } from '../kit/bandwidth.ts'
import { connects, sendsDatagrams } from '../kit/connect.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { type Place, placeOf } from '../kit/vantage.ts'
import { capState, isCapped } from './actions/cap.ts'
import { httpStatus } from './commands.ts'
import type { LineFacts } from './facts.ts'
import type { LineSpec } from './spec.ts'
import { probeMainLine, type WanLine, wanLineOf } from './wan-line.ts'

type Measure = TypedMeasure<LineSpec, LineFacts>

/** 0 while the main line answers, 1 when it is lost. */
const mainLineLost: Measure = {
  title: 'line.measure.mainLineLost',
  unit: '',
  expectedSeconds: 3,
  async measure(measuring, io) {
    const line = wanLineOf(measuring)
    const seen = await probeMainLine(line, io)
    const figures = { address: line.spec.main.probe.address, from: line.source.ssh }
    return { value: seen.there ? 0 : 1, figures }
  },
}

const unreachableThroughBackup: Measure = {
  title: 'line.measure.unreachableThroughBackup',
  unit: '',
  expectedSeconds: 6,
  async measure(measuring, io) {
    const asked = await askThroughBackup(wanLineOf(measuring), measuring.plan, io)
    const named = (reach: string) => asked.filter(one => one.reach === reach)
    const closed = named('closed').map(({ name, said }) => `${name}: ${said}`)
    return {
      value: closed.length,
      figures: { asked: asked.length, closed, silent: named('silent').map(({ name }) => name) },
      ...(closed.length > 0 && {
        detail: [{ key: 'line.measured.closed', values: { services: closed.join(', ') } }],
      }),
      ...(asked.length === 0 && { unverified: true }),
    }
  },
}

/** What the backup line takes towards the target. Fills it for two seconds: not while people are on it. */
const backupMbps: Measure = {
  title: 'line.measure.backupMbps',
  unit: 'Mbit/s',
  expectedSeconds: 6,
  alone: true,
  async measure(measuring, io) {
    const { spec, target } = wanLineOf(measuring)
    const place = placeOf(spec.askedFrom, measuring.plan, io)
    const { address, declaredMbps } = spec.backup
    const from = (argv: readonly string[], options: object) => place.read(argv, options)
    const outcome = await sampleBandwidth(
      { from, host: target.ssh, address, port: spec.port, seconds: 2 },
      io,
    )
    if ('mbps' in outcome) {
      const mbps = Math.round(outcome.mbps * 100) / 100
      return { value: mbps, figures: { mbps, declaredMbps, from: place.name } }
    }
    const values = { host: target.ssh, from: place.name, address, port: spec.port, detail: outcome.error }
    throw new Failure(
      { key: 'line.backup.unmeasured', values },
      { remedy: { key: 'line.backup.unmeasured.remedy', values } },
    )
  },
}

/** 1 when what the sites exchange over the backup line is not held to the cap: a restart of the gateway forgets it. */
const capMissing: Measure = {
  title: 'line.measure.capMissing',
  unit: '',
  expectedSeconds: 3,
  async measure(measuring, io) {
    const line = wanLineOf(measuring)
    const state = await capState(line, io)
    const { egress, ingress } = state.sides
    return {
      value: isCapped(line, state) ? 0 : 1,
      figures: { upMbps: egress.rateMbps ?? null, downMbps: ingress.rateMbps ?? null },
    }
  },
}

export const measures = { mainLineLost, unreachableThroughBackup, backupMbps, capMissing }

type Service = LineSpec['services'][number]
/** `silent`: a UDP port was not refused, and nothing more is known. */
type Reach = 'answers' | 'silent' | 'closed'
type Asked = { name: string; reach: Reach; said: string }

/** Every service at the backup line's own address, from outside or from here. */
async function askThroughBackup({ spec }: WanLine, plan: Plan, io: ReadIo): Promise<Asked[]> {
  const place = placeOf(spec.askedFrom, plan, io)
  return Promise.all(
    spec.services.map(service => ask(service, spec.backup.address, place, spec.askedFrom, io)),
  )
}

async function ask(
  service: Service,
  address: string,
  place: Place,
  from: LineSpec['askedFrom'],
  io: ReadIo,
): Promise<Asked> {
  const { name, url, port = 0, protocol } = service
  if (url !== undefined) {
    const said = from === 'here' ? await askHere(url, address, io) : await askThere(url, address, place)
    return { name, reach: /^[1-5]\d\d$/.test(said) ? 'answers' : 'closed', said }
  }
  const argv = protocol === 'tcp' ? connects(address, port) : sendsDatagrams(address, port)
  const { exitCode } = await place.read(argv, { allowFailure: true })
  const open: Reach = protocol === 'tcp' ? 'answers' : 'silent'
  return { name, reach: exitCode === 0 ? open : 'closed', said: `${protocol} ${port}` }
}

/** Any status is an answer: a maintenance page comes through the line as well as anything. */
async function askThere(url: string, address: string, place: Place): Promise<string> {
  const { stdout, exitCode } = await place.read(httpStatus(url, address), { allowFailure: true })
  if (exitCode !== 127) return exitCode === 0 ? stdout.trim() : `curl ${exitCode}`
  const values = { host: place.name }
  throw new Failure(
    { key: 'line.curl.missing', values },
    { remedy: { key: 'line.curl.missing.remedy', values } },
  )
}

async function askHere(url: string, address: string, io: ReadIo): Promise<string> {
  const { port, protocol } = new URL(url)
  const connectTo = { address, port: Number(port || (protocol === 'https:' ? 443 : 80)) }
  try {
    return String((await io.http({ method: 'GET', url, connectTo, timeoutSeconds: 5 })).status)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    io.signal.throwIfAborted()
    return error.text.key
  }
}

/** How they, and the figures of the steps' results, are shown. */
export const figures: FigureForms = {
  address: { label: 'line.figure.address' },
  from: { label: 'line.figure.from' },
  asked: { label: 'line.figure.asked' },
  mbps: { label: 'line.figure.mbps', unit: 'Mbit/s' },
  declaredMbps: { label: 'line.figure.declaredMbps', unit: 'Mbit/s' },
  upMbps: { label: 'line.figure.upMbps', unit: 'Mbit/s' },
  downMbps: { label: 'line.figure.downMbps', unit: 'Mbit/s' },
  capMbps: { label: 'line.figure.capMbps', unit: 'Mbit/s' },
}
