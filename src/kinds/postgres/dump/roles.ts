import type { ReadIo } from '../../../model/io.ts'
import type { DumpSide } from './place.ts'

/** Without those that PostgreSQL makes itself: its own, and the first superuser, which every server has under some name. */
export const rolesAt = async (side: DumpSide, io: ReadIo): Promise<string[]> => {
  const rows = await io.query(
    side.sql,
    `select rolname as name from pg_roles where rolname !~ '^pg_' and oid <> 10 order by rolname`,
  )
  return rows.map(row => String(row.name))
}
