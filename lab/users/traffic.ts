import { setTimeout as sleep } from 'node:timers/promises'
import { rowCountsOf } from '../estate/seed/sizes.ts'
import { useAuth } from './actions/auth.ts'
import { useCourses } from './actions/courses.ts'
import { useDashboard } from './actions/dashboard.ts'
import { useFiles } from './actions/files.ts'
import type { Service } from './ledger.ts'
import type { UsersOptions } from './options.ts'
import { newPerson, type Person } from './person.ts'
import type { UserRequests } from './user-requests.ts'

const uses: Record<Service, (requests: UserRequests, person: Person) => Promise<void>> = {
  auth: useAuth,
  courses: useCourses,
  files: useFiles,
  dashboard: useDashboard,
}

/**
 * Turns come at a steady rate whatever the estate does: an estate that is slow or down gets no rest, so the cut is
 * measured as finely at its end as at its beginning. Each turn is one request of the user who has waited longest.
 * Returns the people, once `signal` has fired and the requests under way have ended.
 */
export async function runTraffic(
  options: UsersOptions,
  requests: UserRequests,
  signal: AbortSignal,
): Promise<Person[]> {
  const { firstPerson } = options
  const count = Math.min(options.people, rowCountsOf(options.size).accounts + 1 - firstPerson)
  const people = Array.from({ length: count }, (_, index) => newPerson(firstPerson + index))
  const idle = [...people]
  const underWay = new Set<Promise<void>>()
  const order = turnsOf(options.services)
  const begun = performance.now()
  for (let turn = 0; !signal.aborted; turn += 1) {
    // Against the clock, not from turn to turn: small delays do not add up.
    const due = begun + (turn * 1000) / options.rate
    await sleep(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    const taken = take(idle, order[turn % order.length] ?? 'auth')
    if (!taken) {
      requests.summary.turnsSkipped += 1
      continue
    }
    const { person, service } = taken
    person.turns += 1
    const work = uses[service](requests, person).finally(() => {
      idle.push(person)
      underWay.delete(work)
    })
    underWay.add(work)
  }
  await Promise.all(underWay)
  return people
}

/** Courses have every second turn; they take the writes. */
function turnsOf(services: Service[]): Service[] {
  const others = services.filter(service => service !== 'courses')
  if (!services.includes('courses')) return others
  return others.length === 0 ? ['courses'] : others.flatMap(service => [service, 'courses'])
}

/** Courses need someone with a session; while there is none, the turn goes to logging in. */
function take(idle: Person[], service: Service): { person: Person; service: Service } | undefined {
  const needsSession = service === 'courses' && idle.some(person => person.session)
  const found = needsSession ? idle.findIndex(person => person.session) : 0
  const [person] = idle.splice(found, 1)
  if (!person) return undefined
  return { person, service: service === 'courses' && !person.session ? 'auth' : service }
}
