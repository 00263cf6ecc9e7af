import { parseArgs } from 'node:util'
import { parseSize, type Size } from '../estate/seed/sizes.ts'
import { type FaultName, faultNames } from './faults.ts'

export type DemoOptions = {
  json: boolean
  size: Size
  fault?: FaultName
  /** Leaves the laboratory up, to look around. */
  keep: boolean
  name: string
  language?: string
  rate: number
  /** False: authentication and courses are plain programs; the laboratory is raised sooner. */
  machines: boolean
}

export const usage = `usage: npm run demo -- [--fault NAME] [--size tiny|small|medium] [--without-machines] [--json] [--keep] [--name demo]
               [--lang fr|en] [--rate 20]
  faults: ${faultNames.join(', ')}`

/** Throws Error with what is wrong. */
export function parseOptions(argv: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      size: { type: 'string', default: 'small' },
      name: { type: 'string', default: 'demo' },
      rate: { type: 'string', default: '20' },
      'without-machines': { type: 'boolean', default: false },
      fault: { type: 'string' },
      lang: { type: 'string' },
    },
  })
  const rate = Number(values.rate)
  if (!(rate > 0)) throw new Error(`--rate ${values.rate}: expected a number above 0`)
  const fault = faultNames.find(known => known === values.fault)
  if (values.fault !== undefined && fault === undefined) {
    throw new Error(`--fault ${values.fault}: expected one of ${faultNames.join(', ')}`)
  }
  return {
    json: values.json,
    keep: values.keep,
    name: values.name,
    size: parseSize(values.size),
    rate,
    machines: !values['without-machines'],
    ...(fault && { fault }),
    ...(values.lang !== undefined && { language: values.lang }),
  }
}
