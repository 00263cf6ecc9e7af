import { parseArgs } from 'node:util'
import { type NightFaultName, plainFaultNames } from '../demo/faults.ts'
import { parseSize } from '../estate/seed/sizes.ts'

export type CampaignOptions =
  /** `most`: kills, spread over the night; omitted: after every write. */
  | { campaign: 'kill-every-write'; fault?: NightFaultName; most?: number }
  | { campaign: 'flat-cut'; sizes: string[] }
  /** Nights in the midst of mixed faults, of the seeds from `seed` on. */
  | { campaign: 'mixed-faults'; seed: number; runs: number }

export const usage = `usage: npm run campaign -- --kill-every-write [--most N | --fault NAME] | --flat-cut [--sizes small,medium]
                             | --seed N [--runs M]
  --most: only N kills, spread over the night
  faults: ${plainFaultNames.join(', ')}`

/** Throws Error with what is wrong. */
export function parseOptions(argv: readonly string[]): CampaignOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'kill-every-write': { type: 'boolean', default: false },
      'flat-cut': { type: 'boolean', default: false },
      sizes: { type: 'string' },
      fault: { type: 'string' },
      most: { type: 'string' },
      seed: { type: 'string' },
      runs: { type: 'string' },
    },
  })
  if (values.seed !== undefined || values.runs !== undefined) return mixedOptions(values)
  const killing = values['kill-every-write']
  if (killing === values['flat-cut']) throw new Error('expected --kill-every-write, --flat-cut or --seed N')
  const foreign = killing ? ['sizes' as const] : ['fault' as const, 'most' as const]
  for (const name of foreign)
    if (values[name] !== undefined) throw new Error(`--${name}: belongs to the other campaign`)
  return killing ? killOptions(values) : { campaign: 'flat-cut', sizes: sizesOf(values.sizes) }
}

function mixedOptions({ seed, runs = '1', ...others }: Record<string, unknown>): CampaignOptions {
  const foreign = Object.keys(others).find(name => others[name] !== undefined && others[name] !== false)
  if (foreign !== undefined) throw new Error(`--${foreign}: belongs to another campaign`)
  const [first, count] = [Number(seed), Number(runs)]
  if (!Number.isInteger(first)) throw new Error(`--seed ${seed ?? ''}: expected a whole number`)
  if (!(Number.isInteger(count) && count > 0))
    throw new Error(`--runs ${runs}: expected a whole number above 0`)
  return { campaign: 'mixed-faults', seed: first, runs: count }
}

function killOptions({ fault, most }: { fault?: string; most?: string }): CampaignOptions {
  const named = plainFaultNames.find(name => name === fault)
  if (fault !== undefined && named === undefined)
    throw new Error(`--fault ${fault}: expected one of ${plainFaultNames.join(', ')}`)
  const kills = most === undefined ? undefined : Number(most)
  if (kills !== undefined && !(Number.isInteger(kills) && kills > 0))
    throw new Error(`--most ${most}: expected a whole number above 0`)
  // a night that is undone does not come to all the writes of one that goes well
  if (kills !== undefined && named !== undefined) throw new Error('--most and --fault: expected one of them')
  return {
    campaign: 'kill-every-write',
    ...(named && { fault: named }),
    ...(kills !== undefined && { most: kills }),
  }
}

function sizesOf(sizes = 'small,medium'): string[] {
  const named = sizes.split(',')
  for (const size of named) parseSize(size)
  return named
}
