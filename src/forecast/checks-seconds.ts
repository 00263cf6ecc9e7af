import type { Kind } from '../model/kind.ts'
import type { Check, Gate } from '../model/step.ts'

/** How long measuring all of a gate once is expected to take: those of `alone` come, a component at a time, after the others. */
export function checksSeconds({ checks }: Pick<Gate, 'checks'>, kinds: Record<string, Kind>): number {
  const turns = Map.groupBy(checks, check => (check.alone ? check.component : ''))
  return [...turns.values()]
    .map(turn => Math.max(...turn.map(check => checkSeconds(check, kinds))))
    .reduce((sum, seconds) => sum + seconds, 0)
}

/** A measure that this program does not know any more is taken to use a fifth of its deadline, as the compiler gives it. */
const checkSeconds = ({ kind, measure, deadlineSeconds }: Check, kinds: Record<string, Kind>): number =>
  kinds[kind]?.measures[measure]?.expectedSeconds ?? deadlineSeconds / 5
