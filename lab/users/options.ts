import { parseArgs } from 'node:util'
import { parseSize, type Size } from '../estate/seed/sizes.ts'
import { type Service, services } from './ledger.ts'

export type UsersOptions = {
  resolver: { address: string; port: number }
  ledger: string
  /** Requests a second, over all people and services. */
  rate: number
  people: number
  /** Number of the first of them: two crowds on one estate are different people. */
  firstPerson: number
  /** Of the estate: which files to expect, and how many accounts there are. */
  size: Size
  domain: string
  port: number
  services: Service[]
  timeoutMilliseconds: number
  /** Whose address it is, for answers without X-Site. */
  siteByAddress: ReadonlyMap<string, string>
  /** Stops by itself after this long; else on SIGTERM. */
  durationSeconds?: number
  /** Stops when the program that started it closes its input, or dies: no signal reaches into another pid namespace. */
  stopOnEndOfInput: boolean
}

export const usage = `usage: node lab/users/main.ts --resolver ADDRESS[:PORT] --ledger FILE
  [--rate 20] [--people 120] [--first-person 1] [--size small] [--domain techcorp.test] [--port 80] [--timeout-seconds 5]
  [--services auth,courses,files] [--site NAME=ADDRESS]... [--duration-seconds N] [--stop-on-end-of-input]`

/** Throws with what is wrong. */
export function parseOptions(argv: string[]): UsersOptions {
  const optional = { type: 'string' as const }
  const text = (fallback: string) => ({ ...optional, default: fallback })
  const { values } = parseArgs({
    args: argv,
    options: {
      resolver: optional,
      ledger: optional,
      rate: text('20'),
      people: optional,
      'first-person': text('1'),
      size: text('small'),
      domain: text('techcorp.test'),
      port: text('80'),
      services: text('auth,courses,files'),
      'timeout-seconds': text('5'),
      site: { type: 'string', multiple: true, default: [] },
      'duration-seconds': optional,
      'stop-on-end-of-input': { type: 'boolean', default: false },
    },
  })
  if (!values.resolver || !values.ledger) throw new Error('--resolver and --ledger are needed')
  const rate = positive('rate', values.rate)
  const [address = '', port = '53'] = values.resolver.split(':')
  const duration = values['duration-seconds']
  return {
    resolver: { address, port: positive('resolver', port) },
    ledger: values.ledger,
    rate,
    // Enough that the rate holds while each waits out a timeout.
    people: Math.ceil(values.people === undefined ? rate * 6 : positive('people', values.people)),
    firstPerson: positive('first-person', values['first-person']),
    size: parseSize(values.size),
    domain: values.domain,
    port: positive('port', values.port),
    services: values.services.split(',').map(serviceNamed),
    timeoutMilliseconds: positive('timeout-seconds', values['timeout-seconds']) * 1000,
    siteByAddress: new Map(values.site.map(siteAddress)),
    stopOnEndOfInput: values['stop-on-end-of-input'],
    ...(duration === undefined ? {} : { durationSeconds: positive('duration-seconds', duration) }),
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} ${text}: expected a number above 0`)
  return value
}

function serviceNamed(name: string): Service {
  const service = services.find(known => known === name)
  if (!service) throw new Error(`--services ${name}: expected some of ${services.join(', ')}`)
  return service
}

function siteAddress(text: string): [string, string] {
  const [site, address] = text.split('=')
  if (!site || !address) throw new Error(`--site ${text}: expected NAME=ADDRESS`)
  return [address, site]
}
