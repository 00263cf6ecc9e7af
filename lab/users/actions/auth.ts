import type { Person } from '../person.ts'
import { json, type UserRequests } from '../user-requests.ts'

/** One turn in this many ends the session and opens another; the others check that it still holds. */
const turnsPerSession = 10

export async function useAuth(requests: UserRequests, person: Person): Promise<void> {
  if (!person.session) return logIn(requests, person)
  // Half of the people never leave, so that there are always sessions from before the move.
  if (person.number % 2 === 0 && person.turns % turnsPerSession === 0) return logOut(requests, person)
  const { token } = person.session
  await requests.ask(person, 'auth', 'session', { method: 'GET', path: '/session', token }, answered => {
    return json(answered).email === person.email
  })
}

async function logIn(requests: UserRequests, person: Person): Promise<void> {
  const { email, password } = person
  const wanted = { method: 'POST' as const, path: '/login', json: { email, password }, expected: [201] }
  const answered = await requests.ask(
    person,
    'auth',
    'login',
    wanted,
    answer => json(answer).token.length > 16,
  )
  if (answered.outcome !== 'ok') return
  const openedSite = answered.site === undefined ? {} : { openedSite: answered.site }
  const openedAt = new Date().toISOString()
  person.session = { token: json(answered).token, openedAt, ...openedSite, carried: false }
  requests.summary.sessionsOpened += 1
}

/** An outcome that is not known (a timeout) may have closed it: the session is given up either way. */
async function logOut(requests: UserRequests, person: Person): Promise<void> {
  const token = person.session?.token ?? ''
  person.session = undefined
  await requests.ask(person, 'auth', 'logout', { method: 'POST', path: '/logout', token })
}
