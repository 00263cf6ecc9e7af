import { type Desk, json } from '../desk.ts'
import type { Person } from '../person.ts'

/** One turn in this many ends the session and opens another; the others check that it still holds. */
const turnsPerSession = 10

export async function useAuth(desk: Desk, person: Person): Promise<void> {
  if (!person.session) return logIn(desk, person)
  // Half of the people never leave, so that there are always sessions from before the move.
  if (person.number % 2 === 0 && person.turns % turnsPerSession === 0) return logOut(desk, person)
  const { token } = person.session
  await desk.ask(person, 'auth', 'session', { method: 'GET', path: '/session', token }, answered => {
    return json(answered).email === person.email
  })
}

async function logIn(desk: Desk, person: Person): Promise<void> {
  const { email, password } = person
  const wanted = { method: 'POST' as const, path: '/login', json: { email, password }, expected: [201] }
  const answered = await desk.ask(person, 'auth', 'login', wanted, answer => json(answer).token.length > 16)
  if (answered.outcome !== 'ok') return
  const openedSite = answered.site === undefined ? {} : { openedSite: answered.site }
  const openedAt = new Date().toISOString()
  person.session = { token: json(answered).token, openedAt, ...openedSite, carried: false }
  desk.summary.sessionsOpened += 1
}

/** An outcome that is not known (a timeout) may have closed it: the session is given up either way. */
async function logOut(desk: Desk, person: Person): Promise<void> {
  const token = person.session?.token ?? ''
  person.session = undefined
  await desk.ask(person, 'auth', 'logout', { method: 'POST', path: '/logout', token })
}
