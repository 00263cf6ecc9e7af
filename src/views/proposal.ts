import type { Order } from '../model/event.ts'

/**
 * What a person may do now, as data: a front end makes a line to type or a button of it. `reason: ''`: the person gives it.
 * `carry-out`: no program carries the run out any more, and one is begun that goes on with it. `watch`: the return path is looked
 * at from now on.
 */
export type Proposal = Order | { do: 'carry-out' } | { do: 'watch' }

/** For a target that is gone for good: two people sign it, and say how it is cut off. */
export const withoutTarget: Proposal = {
  do: 'roll-back',
  reason: '',
  without: { side: 'target', silent: [], loses: [], isolated: '', and: '' },
}

/** One thing that goes on only, or sooner, when a person acts: what, why, on whom it waits, and what they can do. */
export type Waiting = {
  what:
    | 'source'
    | 'hold'
    | 'sign-off'
    | 'no-go'
    | 'check'
    | 'step'
    | 'undo'
    | 'line'
    | 'return-path'
    | 'resume'
  /** Id of the gate, check or step, of the component whose line is lost or whose return path is broken; of the run for the rest. */
  id: string
  roles: string[]
  text: string
  /** What happens if nobody acts. */
  warning?: string
  /** What to fix first, where the failure says it. */
  remedy?: string
  orders: Proposal[]
}
