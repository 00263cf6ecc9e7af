import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Plan } from '../../model/plan.ts'
import { connects, sendsDatagrams } from '../kit/connect.ts'
import { type Place, placeOf } from '../kit/vantage.ts'
import { httpStatus } from './commands.ts'
import type { LineSpec } from './spec.ts'
import type { WanLine } from './wan-line.ts'

type Service = LineSpec['services'][number]
/** `silent`: a UDP port was not refused, and nothing more is known. */
export type Reach = 'answers' | 'silent' | 'closed'
export type Asked = { name: string; reach: Reach; said: string }

/** Every service at the backup line's own address, from outside or from here. */
export async function askThroughBackup({ spec }: WanLine, plan: Plan, io: ReadIo): Promise<Asked[]> {
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
