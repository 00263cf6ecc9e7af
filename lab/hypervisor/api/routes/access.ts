import { Refusal } from '../../machines/refusal.ts'
import type { Route } from '../http/route.ts'
import { boolean, optional, string } from '../parameters/property.ts'
import { everybody } from '../permissions/check.ts'
import { allPermissionsOf, permissionsOf } from '../permissions/permissions.ts'

export const accessRoutes: Route[] = [
  {
    method: 'GET',
    path: '/access/permissions',
    permissions: everybody,
    parameters: { path: optional(string), userid: optional(string) },
    handle: call => {
      const who = call.maybe('userid') ?? call.user
      if (who !== call.user && !who.startsWith(`${call.user}!`)) call.assertHolds('/access', ['Sys.Audit'])
      if (call.hypervisor.faults.find('token-without-rights')) return {}
      const path = call.maybe('path')
      return path === undefined
        ? allPermissionsOf(call.users, who)
        : { [path]: permissionsOf(call.users, who, path) }
    },
  },
  {
    method: 'GET',
    path: '/access/ticket',
    permissions: { user: 'world' },
    parameters: {},
    handle: () => undefined,
  },
  {
    // Nobody has a password here: tokens are the only way in.
    method: 'POST',
    path: '/access/ticket',
    permissions: { user: 'world' },
    parameters: {
      username: { type: 'string', maxLength: 64 },
      password: string,
      realm: { type: 'string', maxLength: 32, optional: 1 },
      'new-format': optional(boolean),
      otp: optional(string),
      path: { type: 'string', maxLength: 64, optional: 1, requires: 'privs' },
      privs: { type: 'string', maxLength: 64, optional: 1, requires: 'path' },
      'tfa-challenge': optional(string),
    },
    handle: () => {
      throw new Refusal('authentication failure', { status: 401 })
    },
  },
]
