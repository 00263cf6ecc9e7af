import type { ReadIo } from '../../model/io.ts'
import { includeLines } from './commands.ts'
import { type ClusterSide, configDirectory } from './sides.ts'

/** One line of a running server's configuration files, in the order in which they are read: the last of a name holds. */
export type FileSetting = { name: string; value: string; file: string; line: number }
export type Configured = {
  settings: readonly FileSetting[]
  /** Where postgresql.conf includes conf.d; 0: nowhere. */
  includeLine: number
}

/** Commands and connection strings may hold a password: of these, only that they are set is known. */
export async function fileSettingsOf(side: ClusterSide, io: ReadIo): Promise<FileSetting[]> {
  const rows = await io.query(
    side.sql,
    `select lower(f.name) as name, f.sourcefile as file, f.sourceline as line,
       case when f.setting <> '' and f.name ~* '(_command|_conninfo)$' then 'set'
         when s.sourcefile = f.sourcefile and s.sourceline = f.sourceline and not s.pending_restart
           then current_setting(s.name)
         else f.setting end as value
     from pg_file_settings f left join pg_settings s on lower(s.name) = lower(f.name)
     where f.name is not null order by f.seqno`,
  )
  return rows.map(row => ({
    name: String(row.name),
    value: String(row.value ?? ''),
    file: String(row.file),
    line: Number(row.line),
  }))
}

export async function includeLineOf(side: ClusterSide, io: ReadIo): Promise<number> {
  const options = { asUser: 'postgres', allowFailure: true }
  const { stdout } = await io.read(
    side.host,
    includeLines(`${configDirectory(side)}/postgresql.conf`),
    options,
  )
  return Number(stdout.split(':')[0] || 0)
}

const isOurs = ({ file }: FileSetting): boolean =>
  /\/conf\.d\/zz-bascule(-fencing|-commits)?\.conf$/.test(file)
/** Written by ALTER SYSTEM. It lies in the data directory, so the copy brings the source's to the target, in the place of its own. */
const isAuto = ({ file }: FileSetting): boolean => file.endsWith('/postgresql.auto.conf')

/** What is read after Bascule's own file, and wins over it. */
export function winning({ settings, includeLine }: Configured): FileSetting[] {
  return settings.filter(setting => {
    const { file, line } = setting
    if (isAuto(setting)) return true
    if (file.endsWith('/postgresql.conf')) return line > includeLine
    return /\/conf\.d\/[^/]+$/.test(file) && (file.split('/').at(-1) ?? '') > 'zz-bascule.conf'
  })
}

export const valueIn = (settings: readonly FileSetting[], name: string): string | undefined =>
  settings.findLast(setting => setting.name === name)?.value

/** The files of a side as they count for its own service, without what Bascule has written there. */
export const ownSettings = ({ settings }: Configured): FileSetting[] =>
  settings.filter(setting => !isOurs(setting))

/** The files that the target will serve with: its own, and the source's postgresql.auto.conf. */
export const afterCopy = (source: Configured, target: Configured, isCopy: boolean): FileSetting[] =>
  isCopy
    ? ownSettings(target)
    : [
        ...ownSettings(target).filter(setting => !isAuto(setting)),
        ...ownSettings(source).filter(setting => isAuto(setting)),
      ]

export const preloadSettings = [
  'shared_preload_libraries',
  'session_preload_libraries',
  'local_preload_libraries',
] as const

/** The libraries of such a setting, as their files are named below the directory of libraries; others by an absolute path are left out. */
export const preloadNames = (value: string): string[] =>
  value
    .split(',')
    .map(name =>
      name
        .trim()
        .replaceAll(/^["']|["']$/g, '')
        .replace(/^\$libdir\//, ''),
    )
    .filter(name => name !== '' && !name.startsWith('/'))
