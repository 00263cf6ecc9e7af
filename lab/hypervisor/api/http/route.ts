import type { Json } from '../../machines/types.ts'
import type { Properties } from '../parameters/property.ts'
import type { Permissions } from '../permissions/check.ts'
import type { Call } from './call.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** One method of PVE's API, described as PVE's own schema describes it: that the two agree is tested. */
export type Route = {
  method: Method
  /** PVE's template below /api2/json, e.g. `/nodes/{node}/qemu/{vmid}/config`. */
  path: string
  permissions: Permissions
  /** Of path, query and body alike. Anything else is refused. */
  parameters: Properties
  /** False: a token may not call it (PVE's `allowtoken`). */
  allowToken?: false
  /** Gives PVE's `data`; nothing is `null`. Throws Refusal. */
  handle(call: Call): Promise<Json | undefined> | Json | undefined
}

export type Match = { route: Route; parts: Record<string, string> }

export function findRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  for (const route of routes) {
    if (route.method !== method) continue
    const parts = matchPath(route.path, path)
    if (parts) return { route, parts }
  }
  return undefined
}

/** Names of a path's parts, decoded. `{volume}` takes all that is left: a volume's id may hold slashes. */
function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/')
  const given = path.split('/')
  const parts: Record<string, string> = {}
  for (const [index, name] of wanted.entries()) {
    const rest = name === '{volume}'
    const value = rest ? given.slice(index).join('/') : given[index]
    if (value === undefined || value === '') {
      if (name !== value) return undefined
    } else if (name.startsWith('{')) parts[name.slice(1, -1)] = decode(value)
    else if (name !== value) return undefined
    if (rest) return parts
  }
  return wanted.length === given.length ? parts : undefined
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
