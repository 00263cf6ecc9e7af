import { join } from 'node:path'
import type { Argv } from '../../../model/io.ts'
import { script } from '../../kit/script.ts'
import { hashDatabase, tableFiles } from '../compare/hash-sql.ts'
import type { Side } from '../sides.ts'
import { keptFolder, programsFolder, safetyCopyOf } from './place.ts'

const scripts = join(import.meta.dirname, '../scripts')
const keep = script(scripts, 'keep-snapshot.sh')
const take = script(scripts, 'take-safety-copy.sh')
const end = script(scripts, 'end-snapshot.sh')
const room = script(scripts, 'room-for-copy.sh')

/** Where the server and the work are at the host. */
export type Place = { work: string; socket: string }
export type Snapshot = { snapshot: string; database: string }

/** `seconds`: after that a snapshot is given up, whatever has become of Bascule. */
export function keepSnapshots(
  target: Side,
  place: Place,
  seconds: number,
  databases: readonly string[],
): Argv {
  return [
    ...['bash', '-c', keep.text(), 'keep-snapshot.sh', place.work, keptFolder(target), String(seconds)],
    ...[programsFolder(target), place.socket, String(target.port), safetyCopyOf(target.spec).recipient],
    ...[end.text(), tableFiles, ...databases],
  ]
}

/** One line each: `00000004-0000000A-1 techcorp`. */
export const snapshotsIn = (printed: string): Snapshot[] =>
  printed.split('\n').flatMap(line => {
    const [, snapshot = '', database = ''] = /^(\S+) (.+)$/.exec(line) ?? []
    return snapshot === '' ? [] : [{ snapshot, database }]
  })

export const endSnapshots = (work: string): Argv => end.argv(work)

/** `tag`: of the snapshots, so that the copy of an earlier night is not taken for this one's. */
export function takeCopy(target: Side, place: Place, tag: string, snapshots: readonly Snapshot[]): Argv {
  const { recipient, jobs, compression } = safetyCopyOf(target.spec)
  return [
    ...['bash', '-c', take.text(), 'take-safety-copy.sh', place.work, keptFolder(target)],
    ...[programsFolder(target), place.socket, String(target.port), recipient],
    ...[String(jobs), String(compression), tag, hashDatabase, tableFiles, end.text()],
    ...snapshots.flatMap(({ snapshot, database }) => [snapshot, fileOf(database, jobs), database]),
  ]
}

/** Of a database with any name; `.dump` is for pg_restore, `.tar` holds a directory for it. */
export const fileOf = (database: string, jobs: number): string =>
  `${encodeURIComponent(database)}.${jobs > 1 ? 'tar' : 'dump'}.age`

export const askRoom = (target: Side, folders: readonly string[]): Argv =>
  room.argv(safetyCopyOf(target.spec).recipient, programsFolder(target), ...folders)

export type Copied = {
  tag: string
  files: { name: string; bytes: number; sha256: string }[]
  tables: number
  rows: number
}
/** What the script has printed once every database has been compared; undefined: it is not of a whole copy. */
export function copiedIn(printed: string): Copied | undefined {
  const lines = printed.split('\n').map(line => line.split(' '))
  const all = (word: string) => lines.filter(([first]) => first === word)
  const tag = all('of')[0]?.[1]
  if (tag === undefined) return undefined
  const sum = (place: number) => all('compared').reduce((total, words) => total + Number(words[place]), 0)
  const files = all('file').map(([, bytes, sha256 = '', name = '']) => ({
    name,
    bytes: Number(bytes),
    sha256,
  }))
  return { tag, files, tables: sum(1), rows: sum(2) }
}
