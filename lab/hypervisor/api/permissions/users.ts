import { timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtInRoles } from './privileges.ts'

export type Token = { expire: number; separate: boolean }
export type Acl = { path: string; propagate: boolean; who: string; role: string }

/** Who there is and what they were given: /etc/pve/user.cfg and the tokens' secrets. */
export type Users = {
  users: Map<string, { enabled: boolean; expire: number }>
  tokens: Map<string, Token>
  groups: Map<string, string[]>
  roles: Map<string, readonly string[]>
  acls: Acl[]
  secrets: Map<string, string>
}

/** Reads PVE's own files below `root`; read again at each call, as a rights change counts at once. */
export function readUsers(root: string): Users {
  const users = parseUsers(read(join(root, 'etc/pve/user.cfg')))
  for (const line of read(join(root, 'etc/pve/priv/token.cfg')).split('\n')) {
    const [id, secret] = line.trim().split(/\s+/)
    if (id && secret) users.secrets.set(id, secret)
  }
  return users
}

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')
const list = (text = ''): string[] => text.split(/[\s,;]+/).filter(one => one !== '')

export function parseUsers(text: string): Users {
  const parsed: Users = {
    users: new Map(),
    tokens: new Map(),
    groups: new Map(),
    roles: new Map(Object.entries(builtInRoles)),
    acls: [],
    secrets: new Map(),
  }
  for (const line of text.split('\n')) {
    const [what, first = '', second = '', third = '', fourth = ''] = line.trim().split(':')
    if (what === 'user') parsed.users.set(first, { enabled: second === '1', expire: Number(third) || 0 })
    else if (what === 'token')
      parsed.tokens.set(first, { expire: Number(second) || 0, separate: third !== '0' })
    else if (what === 'group') parsed.groups.set(first, list(second))
    else if (what === 'role') parsed.roles.set(first, list(second))
    else if (what === 'acl')
      for (const who of list(third))
        for (const role of list(fourth))
          parsed.acls.push({ path: second, propagate: first === '1', who, role })
  }
  return parsed
}

/** The token of an `Authorization: PVEAPIToken=…` header when it is good, else nothing. */
export function verifyToken(users: Users, header: string, nowSeconds: number): string | undefined {
  const [, id = '', user = '', secret = ''] = /^PVEAPIToken[= ]((.+)![^=]+)=(.*)$/.exec(header) ?? []
  const token = users.tokens.get(id)
  const owner = users.users.get(user)
  if (!token || !owner?.enabled) return undefined
  const expired = [token.expire, owner.expire].some(expire => expire !== 0 && expire < nowSeconds)
  return !expired && isSame(users.secrets.get(id) ?? '', secret) ? id : undefined
}

function isSame(wanted: string, given: string): boolean {
  const [left, right] = [Buffer.from(wanted), Buffer.from(given)]
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right)
}
