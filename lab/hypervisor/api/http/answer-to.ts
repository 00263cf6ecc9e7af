import type { Given } from '../parameters/verify.ts'
import { verifyToken } from '../permissions/users.ts'
import { allRoutes } from '../routes/all.ts'
import { type Answer, failure, success } from './answer.ts'
import type { Hypervisor } from './call.ts'
import { dispatch } from './dispatch.ts'

/** A request: received by HTTPS, or made by a test that calls `answerTo` without a server. */
export type Asked = {
  method: string
  /** `/api2/json/…`, without a query. */
  path: string
  /** The header, or nothing. */
  authorization: string
  /** Of the query or of the body; read once the caller is known. */
  parameters(): Given | Promise<Given>
}

/** Reachable without a token. */
const open = [/^GET \/access\/domains$/, /^(GET|POST) \/access\/ticket$/]

export async function answerTo(hypervisor: Hypervisor, asked: Asked): Promise<Answer> {
  const { method, authorization } = asked
  const [, format, rest = ''] = /^\/api2\/(json|extjs)(\/.*)?$/.exec(asked.path) ?? []
  if (format !== 'json' && format !== 'extjs') return plain(501, 'no such uri')
  const path = rest.replace(/\/$/, '') || '/'
  const users = hypervisor.users()
  const now = Math.floor(Date.now() / 1000)
  const user = authorization === '' ? undefined : verifyToken(users, authorization, now)
  if (user === undefined && !open.some(one => one.test(`${method} ${path}`)))
    return plain(401, authorization.startsWith('PVEAPIToken') ? 'Authentication failed!' : 'No ticket', '')
  try {
    const given = await asked.parameters()
    const request = { method, path, given, user: user ?? '', users }
    const { data, total } = await dispatch(hypervisor, allRoutes, request)
    return success(format, data, total)
  } catch (error) {
    return failure(format, error)
  }
}

const plain = (status: number, reason: string, body = reason): Answer => ({
  status,
  reason,
  body,
  contentType: 'text/plain',
})
