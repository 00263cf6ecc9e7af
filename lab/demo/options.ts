import { parseArgs } from 'node:util'
import { parseSize, type Size } from '../estate/seed/sizes.ts'
import { basculeDiesName } from './bascule-dies.ts'
import { nightFaultNamed, nightFaultNames } from './faults.ts'
import { faultAheadNames } from './found-ahead.ts'

/** In the middle of the first sync; the others happen in the night, or must be found before it. */
export const inSync = 'line-lost-in-sync'
export const faultNames: readonly string[] = [...nightFaultNames, ...faultAheadNames, inSync, basculeDiesName]

export type DemoOptions = {
  json: boolean
  size: Size
  fault?: string
  /** Leaves the laboratory up, to look around. */
  keep: boolean
  /** Of the laboratory; omitted: `demo` where it is kept, else one that no other has. */
  name?: string
  language?: string
  rate: number
  /** False: authentication and courses are plain programs; the laboratory is raised sooner. */
  machines: boolean
}

/** Requests a second when none are asked for: what an emulated CPU carries at ease, and what a plain program does. */
const rates = { machines: 8, programs: 20 }

export const usage = `usage: npm run demo -- [--fault NAME] [--size tiny|small|medium] [--without-machines] [--json] [--keep] [--name NAME]
               [--lang fr|en] [--rate 8, or 20 without machines]
  faults: ${faultNames.join(', ')}`

/** Throws Error with what is wrong. */
export function parseOptions(argv: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      size: { type: 'string', default: 'small' },
      name: { type: 'string' },
      rate: { type: 'string' },
      'without-machines': { type: 'boolean', default: false },
      fault: { type: 'string' },
      lang: { type: 'string' },
    },
  })
  const machines = !values['without-machines']
  const rate = Number(values.rate ?? (machines ? rates.machines : rates.programs))
  if (!(rate > 0)) throw new Error(`--rate ${values.rate}: expected a number above 0`)
  const fault = faultNames.find(known => known === values.fault)
  if (values.fault !== undefined && fault === undefined) {
    throw new Error(`--fault ${values.fault}: expected one of ${faultNames.join(', ')}`)
  }
  if (nightFaultNamed(fault)?.needsMachines && !machines)
    throw new Error(`--fault ${fault}: not with --without-machines`)
  return {
    json: values.json,
    keep: values.keep,
    size: parseSize(values.size),
    rate,
    machines,
    ...(fault && { fault }),
    ...(values.name !== undefined && { name: values.name }),
    ...(values.lang !== undefined && { language: values.lang }),
  }
}
