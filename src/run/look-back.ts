import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../model/failure.ts'
import type { ReturnPathSeen } from '../model/return-path.ts'
import type { History, Run } from '../model/run.ts'
import type { Step } from '../model/step.ts'
import { measureContext } from './contexts.ts'
import { dispatchThrough } from './dispatch.ts'
import { fold } from './fold.ts'
import { isClosed } from './may-start.ts'
import { planOf, runbookOf } from './recorded.ts'
import { patienceSeconds, returnPathSteps } from './return-path.ts'
import { inState, type SessionInput } from './session.ts'
import { lookBack } from './work.ts'

type LookInput = Pick<SessionInput, 'kinds' | 'stateDirectory' | 'by' | 'stop'>

/** The night whose users are at the target, and whose return paths there are; undefined when there is none, or none any more. */
export function nightToWatch(history: History): Run | undefined {
  const night = history.runs.findLast(run => run.mode === 'live')
  if (night === undefined || isClosed(history)) return undefined
  const runbook = history.runbooks[night.runbookHash]
  return runbook && returnPathSteps(runbook, night).length > 0 ? night : undefined
}

/** Throws Failure when there is none. */
export function watchedNight(history: History): Run {
  const night = nightToWatch(history)
  if (night !== undefined) return night
  throw new Failure({ key: 'run.nothingToWatch' }, { remedy: { key: 'run.nothingToWatch.remedy' } })
}

/**
 * Looks at every return path now, reads only, and writes what it saw into the journal of the night. One that is not good is looked
 * at again before it is believed. Throws Failure when there is nothing to look at.
 */
export function lookBackNow(input: LookInput): Promise<void> {
  const choosePlan = (history: History) => planOf(history, watchedNight(history))
  return inState(input, 'watch', choosePlan, async state => {
    const { plan, journal } = state
    const history = fold(journal.entries())
    const run = watchedNight(history)
    const dispatch = dispatchThrough(input.kinds, state.transport, state.hosts)
    const context = measureContext(plan, history.facts, history, run)
    const look = ({ component }: Step): Promise<ReturnPathSeen> => {
      const signal = AbortSignal.any([AbortSignal.timeout(patienceSeconds * 1000), ...stops(input)])
      const work = { key: `watch/${component}`, signal, onProgress: () => {} }
      return lookBack(dispatch, component, context, work)
    }
    for (const step of returnPathSteps(runbookOf(history, run), run)) {
      const seen = await lookAgain(() => look(step))
      if (input.stop?.aborted === true) return
      journal.append(run.id, { type: 'return-path.seen', component: step.component, seen })
    }
  })
}

const stops = ({ stop }: LookInput): AbortSignal[] => (stop ? [stop] : [])

const again = { times: 2, afterMilliseconds: 2000 }

async function lookAgain(look: () => Promise<ReturnPathSeen>): Promise<ReturnPathSeen> {
  let seen = await look()
  for (let time = 0; seen.state !== 'good' && time < again.times; time += 1) {
    await wait(again.afterMilliseconds)
    seen = await look()
  }
  return seen
}
