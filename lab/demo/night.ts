import type { Plan } from '../../src/model/plan.ts'
import type { Fault } from './faults.ts'
import { beThere } from './people.ts'
import type { Stage } from './stage.ts'

/**
 * A night with its team: each says GO when asked. `carryOut` is how the run is begun; the team stops when it ends.
 */
export async function withTeam<T>(
  { lab, plan, stateDirectory }: Stage,
  fault: Fault | undefined,
  carryOut: () => Promise<T>,
): Promise<T> {
  const goneHome = new AbortController()
  const team = beThere(lab, stateDirectory, rolesOf(plan), fault, goneHome.signal)
  try {
    // a team that could not do its part fails the night at once; else nobody would say GO any more
    return await Promise.race([carryOut(), team.then(() => new Promise<never>(() => {}))])
  } finally {
    goneHome.abort()
    await team
  }
}

function rolesOf(plan: Plan) {
  const nameOf = (role: string): string => plan.people.find(person => person.role === role)?.name ?? role
  const of = (gate: keyof Plan['gates']) =>
    plan.gates[gate].signoffs.map(role => ({ role, name: nameOf(role) }))
  return { go: of('go'), integrity: of('integrity'), reopen: of('reopen') }
}
