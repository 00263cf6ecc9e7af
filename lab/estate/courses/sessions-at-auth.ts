import { get } from 'node:http'
import { json } from 'node:stream/consumers'
import { type Call, Refusal } from '../common/http.ts'
import { noSuchSession, notLoggedIn, type RequireSession, type Session } from '../common/sessions.ts'

/** A session that was closed is taken for this long still; asking each time would double what the guests carry. */
const keptMilliseconds = 5000
const mostKept = 10_000
const patienceMilliseconds = 3000

/** Sessions as the authentication service knows them: it alone has their key. */
export function sessionsAtAuth(authUrl: string): RequireSession {
  const known = new Map<string, { session: Session; until: number }>()
  return async ({ token }: Call) => {
    if (!token) throw notLoggedIn()
    const kept = known.get(token)
    if (kept && kept.until > performance.now()) return kept.session
    const session = await askAuth(authUrl, token)
    if (known.size >= mostKept) known.clear()
    known.set(token, { session, until: performance.now() + keptMilliseconds })
    return session
  }
}

async function askAuth(authUrl: string, token: string): Promise<Session> {
  const { status, body } = await ask(`${authUrl}/session`, token).catch(() => {
    throw new Refusal(503, 'authentication does not answer')
  })
  if (status === 401) throw noSuchSession()
  if (status !== 200) throw new Refusal(503, 'authentication cannot tell now')
  return body as Session
}

/** A connection of its own each time: none is left open to an address that auth has moved away from. */
function ask(url: string, token: string): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${token}` }
  const signal = AbortSignal.timeout(patienceMilliseconds)
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers, signal }, response => {
      json(response).then(body => resolve({ status: response.statusCode ?? 0, body }), reject)
    }).once('error', reject)
  })
}
