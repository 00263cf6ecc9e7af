import { parseArgs } from 'node:util'
import type { Door } from './ledger.ts'

export type TrainerOptions = {
  trainer: string
  ledger: string
  /** As the trainer's browser shows it. */
  url: URL
  /** The internal view; or, where there is none, the dashboard's address. */
  lookup: { address: string; port: number } | { fixed: string }
  /** This machine's address in the tunnel, and the one it has without. */
  inside: string
  outside: string
  doors: Door[]
  everySeconds: number
  doorsEverySeconds: number
  timeoutMilliseconds: number
}

export const usage = `usage: node lab/trainers/main.ts --trainer NAME --ledger FILE --url URL
  --inside ADDRESS --outside ADDRESS (--view ADDRESS:PORT | --address ADDRESS)
  [--door public|gateway|dashboard,SITE,ADDRESS,PORT]... [--every-seconds 2] [--doors-every-seconds 10]
  [--timeout-seconds 3]`

/** Throws with what is wrong. */
export function parseOptions(argv: string[]): TrainerOptions {
  const text = { type: 'string' as const }
  const number = (value: string) => ({ ...text, default: value })
  const { values } = parseArgs({
    args: argv,
    options: {
      trainer: text,
      ledger: text,
      url: text,
      inside: text,
      outside: text,
      view: text,
      address: text,
      door: { ...text, multiple: true, default: [] },
      'every-seconds': number('2'),
      'doors-every-seconds': number('10'),
      'timeout-seconds': number('3'),
    },
  })
  const given = (name: 'trainer' | 'ledger' | 'url' | 'inside' | 'outside'): string => {
    const value = values[name]
    if (!value) throw new Error(`--${name} is needed`)
    return value
  }
  const seconds = (name: 'every-seconds' | 'doors-every-seconds' | 'timeout-seconds'): number => {
    const value = Number(values[name])
    if (!(value > 0)) throw new Error(`--${name} ${values[name]}: expected a number above 0`)
    return value
  }
  return {
    trainer: given('trainer'),
    ledger: given('ledger'),
    url: new URL(given('url')),
    lookup: lookupOf(values.view, values.address),
    inside: given('inside'),
    outside: given('outside'),
    doors: values.door.map(doorOf),
    everySeconds: seconds('every-seconds'),
    doorsEverySeconds: seconds('doors-every-seconds'),
    timeoutMilliseconds: seconds('timeout-seconds') * 1000,
  }
}

function lookupOf(view: string | undefined, fixed: string | undefined): TrainerOptions['lookup'] {
  if (fixed) return { fixed }
  const [address, port] = view?.split(':') ?? []
  if (!address || !(Number(port) > 0)) throw new Error('--view ADDRESS:PORT or --address is needed')
  return { address, port: Number(port) }
}

function doorOf(text: string): Door {
  const [door, site, address, port] = text.split(',')
  const known = (['public', 'gateway', 'dashboard'] as const).find(one => one === door)
  if (!known || !site || !address || !(Number(port) > 0))
    throw new Error(`--door ${text}: expected public, gateway or dashboard,SITE,ADDRESS,PORT`)
  return { door: known, site, address, port: Number(port) }
}
