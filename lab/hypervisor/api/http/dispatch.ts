import { Refusal } from '../../machines/refusal.ts'
import type { Json } from '../../machines/types.ts'
import { type Given, refuseParameters, verify } from '../parameters/verify.ts'
import { assertPermitted, type Holds } from '../permissions/check.ts'
import { permissionsOf } from '../permissions/permissions.ts'
import type { Users } from '../permissions/users.ts'
import { callOf, type Hypervisor } from './call.ts'
import { findRoute, type Route } from './route.ts'

export type Request = { method: string; path: string; given: Given; user: string; users: Users }

/** In PVE's order: method, rights, node, parameters, and only then the work. */
export async function dispatch(
  hypervisor: Hypervisor,
  routes: readonly Route[],
  request: Request,
): Promise<{ data: Json | undefined; total?: number }> {
  const { method, path, user, users } = request
  const match = findRoute(routes, method, path)
  if (!match) throw new Refusal(`Method '${method} ${path}' not implemented`, { status: 501 })
  const { route, parts } = match
  const given = { ...mergeParts(parts, request.given), ...localNode(hypervisor, parts) }
  if (route.allowToken === false) {
    const reason = `Permission check failed (URI '${path}' not available with API token, need proper ticket.\n)`
    throw new Refusal(reason, { status: 403 })
  }
  const holds = holdsOf(hypervisor, users, user)
  assertPermitted(route.permissions, holds, { ...parts, ...flat(request.given) })
  assertLocal(hypervisor, parts.node)
  verify(given, route.parameters)
  const call = callOf(hypervisor, { user, users, holds }, given)
  const data = await route.handle(call)
  return call.total === undefined ? { data } : { data, total: call.total }
}

function mergeParts(parts: Record<string, string>, given: Given): Given {
  const errors: Record<string, string> = {}
  for (const [name, value] of Object.entries(parts))
    if (given[name] !== undefined && given[name] !== value)
      errors[name] = 'duplicate parameter (already defined in URI) with conflicting values!'
  refuseParameters(errors)
  return { ...given, ...parts }
}

const flat = (given: Given): Record<string, string> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))

const localNode = ({ node }: Hypervisor, parts: Record<string, string>): Given =>
  parts.node === 'localhost' ? { node } : {}

/** This cluster has one node; PVE would pass the request on and not find another. */
function assertLocal({ node }: Hypervisor, asked: string | undefined): void {
  if (asked === undefined || asked === node || asked === 'localhost') return
  const detail = `failed to get address info for: ${asked}: Name or service not known`
  throw new Refusal(`hostname lookup '${asked}' failed - ${detail}`)
}

/** Compiled once a request for each path that is asked about. */
export function holdsOf({ faults }: Hypervisor, users: Users, user: string): Holds {
  const without = faults.find('token-without-rights') !== undefined
  const compiled = new Map<string, Record<string, unknown>>()
  return (path, privilege) => {
    if (without) return false
    const held = compiled.get(path) ?? permissionsOf(users, user, path)
    compiled.set(path, held)
    return held[privilege] !== undefined
  }
}
