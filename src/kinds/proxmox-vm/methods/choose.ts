import type { MachineFacts } from '../facts.ts'
import type { MachineSpec, MethodName } from '../spec.ts'
import type { MethodForecast, Possibility, TransferMethod } from '../transfer-method.ts'

export type Choice = { way: TransferMethod; possibility: Possibility; forecast: MethodForecast }

/** Every way with its figures, the possible ones first, the shortest cut first. */
export function compareMethods(
  ways: readonly TransferMethod[],
  machine: MachineFacts,
  spec: MachineSpec,
  linkMbps: number,
): Choice[] {
  const choices = ways.map(way => ({
    way,
    possibility: way.possible(machine, spec),
    forecast: way.forecast(machine, linkMbps, spec),
  }))
  const rank = ({ possibility }: Choice): number => (possibility.possible ? 0 : 1)
  return choices.sort(
    (left, right) => rank(left) - rank(right) || left.forecast.cutSeconds - right.forecast.cutSeconds,
  )
}

/**
 * The plan's way, or the possible one with the shortest cut. Undefined when none is. A way that the plan fixes is given even
 * where it is not possible: that is for the findings to say, before anything is begun.
 */
export function chooseMethod(
  ways: readonly TransferMethod[],
  machine: MachineFacts,
  spec: MachineSpec,
  linkMbps: number,
): Choice | undefined {
  const choices = compareMethods(ways, machine, spec, linkMbps)
  const fixed: MethodName | undefined = spec.way
  if (fixed !== undefined) return choices.find(({ way }) => way.name === fixed)
  // A way that is still called experimental by those who make it is for the plan to ask for.
  return choices.find(({ way, possibility }) => possibility.possible && !way.keepsRunning)
}
