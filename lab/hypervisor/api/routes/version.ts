import type { Route } from '../http/route.ts'
import { node } from '../parameters/property.ts'
import { everybody } from '../permissions/check.ts'

/** The release whose schema and words this follows. */
const release = { release: '9.1', version: '9.1.1', repoid: '0ba5ba17c0ffee00' }
export const manager = `pve-manager/${release.version}/${release.repoid}`

export const versionRoutes: Route[] = [
  {
    method: 'GET',
    path: '/version',
    permissions: everybody,
    parameters: {},
    handle: () => release,
  },
  {
    method: 'GET',
    path: '/nodes/{node}/version',
    permissions: everybody,
    parameters: { node },
    handle: () => release,
  },
]
