import type { Task } from '../../src/forecast/network.ts'
import { networkOf } from '../../src/forecast/network.ts'
import { estimatedRatios } from '../../src/forecast/ratios.ts'
import { type Samples, simulate } from '../../src/forecast/simulate.ts'

export const certain = estimatedRatios(1)

/** A task of so many seconds without spread, that shares nothing. */
export const aTask = (
  id: string,
  seconds: number,
  after: string[] = [],
  change: Partial<Task> = {},
): Task => ({
  ...{ id, after, seconds, ratios: certain, linkShare: 0, alone: [] },
  ...change,
})

export const nightsOf = (tasks: readonly Task[], count = 200, seed = 1): Samples =>
  simulate(networkOf(tasks), { count, seed })

/** When the only night there is ends, for tasks without spread. */
export const finishOf = (tasks: readonly Task[]): number => nightsOf(tasks, 1).finish[0] as number
