import { Refusal } from '../../machines/refusal.ts'

/** PVE's own way to say who may call a method: all of the privileges on a path, any of them, or several such tests. */
type Test =
  | readonly ['perm', string, readonly string[]]
  | readonly ['perm', string, readonly string[], 'any', 1]
export type Check = Test | readonly ['and', ...Test[]]

/** `all`: every signed-in user; the method itself checks more. `world`: no sign-in. */
export type Permissions = { user: 'all' | 'world' } | { check: Check }

/** Does the caller hold the privilege on the path? */
export type Holds = (path: string, privilege: string) => boolean

export const everybody: Permissions = { user: 'all' }
export const machinePermission = (...privileges: string[]): Permissions => ({
  check: ['perm', '/vms/{vmid}', privileges],
})

/** Throws PVE's 403. */
export function assertPermitted(permissions: Permissions, holds: Holds, parts: Record<string, string>): void {
  if ('check' in permissions) judge(permissions.check, holds, parts)
}

function judge(check: Check, holds: Holds, parts: Record<string, string>): void {
  if (check[0] === 'and') {
    const [, ...tests] = check
    for (const test of tests) judge(test, holds, parts)
  } else {
    const [, template, privileges, any] = check
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '')
    require(holds, path, privileges, any === 'any')
  }
}

/** All of the privileges, or any of them. */
export function require(holds: Holds, path: string, privileges: readonly string[], any = false): void {
  if (any && privileges.some(privilege => holds(path, privilege))) return
  if (any) throw refused(`${path}, ${privileges.join('|')}`)
  const missing = privileges.find(privilege => !holds(path, privilege))
  if (missing !== undefined) throw refused(`${path}, ${missing}`)
}

export const refused = (what?: string): Refusal =>
  new Refusal(`Permission check failed${what === undefined ? '' : ` (${what})`}`, { status: 403 })
