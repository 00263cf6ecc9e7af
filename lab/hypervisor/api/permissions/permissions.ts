import { allPrivileges } from './privileges.ts'
import type { Users } from './users.ts'

/** Privilege → whether it holds below the path too. */
export type Held = Record<string, 0 | 1>

/** What a user or token holds on a path. A separated token holds at most what its user holds, and starts with nothing. */
export function permissionsOf(users: Users, who: string, path: string): Held {
  if (who === 'root@pam') return Object.fromEntries(allPrivileges.map(name => [name, 1 as const]))
  const [user = '', name] = who.split('!')
  if (name === undefined) return held(users, rolesOn(users, who, path))
  const token = users.tokens.get(who)
  if (!token) return {}
  const owned = permissionsOf(users, user, path)
  if (!token.separate) return owned
  const own = held(users, rolesOn(users, who, path))
  return Object.fromEntries(
    Object.entries(own).flatMap(([privilege, propagate]) => {
      const owner = owned[privilege]
      return owner === undefined ? [] : [[privilege, owner && propagate]]
    }),
  )
}

/** An entry deeper in the path replaces what was inherited; one for the user itself wins over its groups'. */
function rolesOn(users: Users, who: string, path: string): Map<string, boolean> {
  let roles = new Map<string, boolean>()
  for (const level of levelsOf(path)) {
    const here = users.acls.filter(acl => acl.path === level && (level === path || acl.propagate))
    const own = here.filter(acl => acl.who === who)
    const shared = here.filter(acl => users.groups.get(acl.who.replace(/^@/, ''))?.includes(who))
    const found = own.length > 0 ? own : shared
    if (found.length > 0) roles = new Map(found.map(({ role, propagate }) => [role, propagate]))
  }
  return roles.has('NoAccess') ? new Map() : roles
}

/** `/vms/101` → `/`, `/vms`, `/vms/101`. */
function levelsOf(path: string): string[] {
  const names = path.split('/').filter(name => name !== '')
  return ['/', ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)]
}

function held(users: Users, roles: Map<string, boolean>): Held {
  const privileges: Held = {}
  for (const [role, propagate] of roles)
    for (const name of users.roles.get(role) ?? []) privileges[name] = propagate || privileges[name] ? 1 : 0
  return privileges
}

/** GET /access/permissions: the top paths and each that has an entry, where anything is held at all. */
export function allPermissionsOf(users: Users, who: string): Record<string, Held> {
  const top = ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms']
  const paths = new Set([...top, ...users.acls.map(({ path }) => path)])
  return Object.fromEntries(
    [...paths]
      .map(path => [path, permissionsOf(users, who, path)] as const)
      .filter(([, privileges]) => Object.keys(privileges).length > 0),
  )
}
