import type { Event } from '../model/event.ts'
import type { RepairState, Run } from '../model/run.ts'
import { failuresForPeople } from './fold-step.ts'

type ReturnPathEvent = Extract<Event, { type: `return-path.${string}` }>

export function foldReturnPath(run: Run, event: ReturnPathEvent, at: string): Run {
  switch (event.type) {
    case 'return-path.seen': {
      const before = run.returnPaths[event.component]
      const since = before?.state === event.seen.state ? before.since : at
      const returnPaths = { ...run.returnPaths, [event.component]: { ...event.seen, at, since } }
      return failuresForPeople({ ...run, returnPaths })
    }
    case 'return-path.repair-started':
      return repaired(run, event.component, { status: 'running', attempt: event.attempt, at })
    case 'return-path.repaired': {
      const { attempt, result } = event
      return repaired(run, event.component, { status: 'done', attempt, at, result })
    }
    case 'return-path.repair-failed': {
      const { attempt, failure } = event
      return repaired(run, event.component, { status: 'failed', attempt, at, failure })
    }
  }
}

function repaired(run: Run, component: string, state: RepairState): Run {
  if (run.repair === undefined) return run
  return { ...run, repair: { ...run.repair, components: { ...run.repair.components, [component]: state } } }
}

/** What was being made again when the program ended is begun again: how far it came is asked then. */
export function repairInterrupted(run: Run): Run {
  if (run.repair === undefined) return run
  const components = Object.entries(run.repair.components).map(
    ([component, state]) =>
      [component, state.status === 'running' ? { ...state, status: 'interrupted' as const } : state] as const,
  )
  return { ...run, repair: { ...run.repair, components: Object.fromEntries(components) } }
}
