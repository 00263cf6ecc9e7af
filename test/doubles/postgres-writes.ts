import type { Content } from './postgres-directory.ts'
import { SqlError, type Write } from './postgres-statements.ts'

const notesOf = (content: Content, table: string) => {
  if (content.notes) return content.notes
  throw new SqlError('42P01', `relation "bascule.${table}" does not exist`)
}
const roleOf = (content: Content, name: string) => {
  const role = content.roles[name]
  if (role) return role
  throw new SqlError('42704', `role "${name}" does not exist`)
}
const without = <Value>(values: Record<string, Value>, name: string): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key !== name))

/** Statements that write rows or catalogues, and what they make of the content. */
export const writes: [RegExp, Write][] = [
  [
    /^create schema if not exists bascule$/,
    content => ({ ...content, notes: content.notes ?? { kept: {}, markers: [] } }),
  ],
  [
    /^create table if not exists bascule\.(\w+)/,
    (content, [, table = '']) => notesOf(content, table) && content,
  ],
  [/^drop schema if exists bascule cascade$/, ({ notes: _, ...content }) => content],
  [
    /^insert into bascule\.kept values \('([\w-]+)', '(.*)'::jsonb\) on conflict \(key\) do (nothing|update set value = excluded\.value)$/,
    (content, [, key = '', value = '', then]) => {
      const notes = notesOf(content, 'kept')
      if (then === 'nothing' && notes.kept[key] !== undefined) return content
      return { ...content, notes: { ...notes, kept: { ...notes.kept, [key]: value } } }
    },
  ],
  [
    /^delete from "bascule"\.kept where key = '([\w-]+)'$/,
    (content, [, key = '']) => {
      const notes = notesOf(content, 'kept')
      return { ...content, notes: { ...notes, kept: without(notes.kept, key) } }
    },
  ],
  [
    /^insert into bascule\.marker \(text\) values \('(.*)'\)$/,
    (content, [, text = '']) => {
      const notes = notesOf(content, 'marker')
      return { ...content, notes: { ...notes, markers: [...notes.markers, text] } }
    },
  ],
  [
    /^(create|alter) role "(\w+)" login replication password 'SCRAM-SHA-256\$.*'$/,
    (content, [, verb, name = '']) => {
      if ((content.roles[name] === undefined) !== (verb === 'create'))
        throw new SqlError(verb === 'create' ? '42710' : '42704', `role "${name}"`)
      const role = { functions: [], ...content.roles[name], replication: true as const }
      return { ...content, roles: { ...content.roles, [name]: role } }
    },
  ],
  [
    /^(grant|revoke) execute on function (pg_catalog\.\S+\(.*\)) (?:to|from) "(\w+)"$/,
    (content, [, verb, signature = '', name = '']) => {
      const role = roleOf(content, name)
      const others = role.functions.filter(one => one !== signature)
      const functions = verb === 'grant' ? [...others, signature] : others
      return { ...content, roles: { ...content.roles, [name]: { ...role, functions } } }
    },
  ],
  [
    /^drop role "(\w+)"$/,
    (content, [, name = '']) => {
      if (roleOf(content, name).functions.length > 0)
        throw new SqlError('2BP01', `role "${name}" cannot be dropped because some objects depend on it`)
      return { ...content, roles: without(content.roles, name) }
    },
  ],
  [
    /^create extension if not exists (\w+)$/,
    (content, [, name = '']) => ({ ...content, extensions: [...new Set([...content.extensions, name])] }),
  ],
  [
    /^drop extension if exists (\w+)$/,
    (content, [, name = '']) => ({ ...content, extensions: content.extensions.filter(one => one !== name) }),
  ],
  [
    /^alter database "(\w+)" with connection limit (-?\d+)$/,
    (content, [, name = '', limit]) => {
      const own = content.databases[name]
      if (own === undefined) throw new SqlError('3D000', `database "${name}" does not exist`)
      return { ...content, databases: { ...content.databases, [name]: { ...own, limit: Number(limit) } } }
    },
  ],
]
