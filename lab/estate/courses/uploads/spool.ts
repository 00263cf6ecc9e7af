import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../../common/durable.ts'
import { Refusal } from '../../common/http.ts'
import type { Upload, Uploads } from './upload.ts'

/** More than the database could miss in a night; beyond, the sender is told to wait. */
const mostWaiting = 5000

/** Uploads on this machine's own disk, one file each, until they are in the database. */
export type Spool = Uploads & {
  /** Names of those that wait, oldest first. */
  waiting(): string[]
  /** Throws when the file is damaged. */
  read(name: string): Upload
  /** It is in the database. */
  done(name: string): void
  /** The database will never take it: put aside, for a person to look at. */
  setAside(name: string): void
}

export function openSpool(stateDirectory: string): Spool {
  const directory = join(stateDirectory, 'spool')
  const aside = join(stateDirectory, 'refused')
  for (const needed of [directory, aside]) mkdirSync(needed, { recursive: true, mode: 0o700 })
  // Left by a power cut: never acknowledged.
  for (const name of readdirSync(directory)) if (!name.endsWith('.json')) rmSync(join(directory, name))
  const underWay = new Map<string, Promise<void>>()
  const waiting = () =>
    readdirSync(directory)
      .filter(name => name.endsWith('.json'))
      .sort()
  return {
    accept: async upload => {
      const kept = waiting()
      if (kept.length >= mostWaiting) throw new Refusal(503, 'too many uploads are waiting')
      const { clientId, accountId, submittedAt } = upload
      const suffix = `-${accountId}-${clientId}.json`
      if (kept.some(name => name.endsWith(suffix))) return 'kept'
      // The same one twice at once: the second waits for the first, and fails with it.
      const first = underWay.get(suffix)
      if (first) return first.then(() => 'kept')
      const writing = writeDurably(
        join(directory, `${Date.parse(submittedAt)}${suffix}`),
        JSON.stringify(upload),
      ).finally(() => underWay.delete(suffix))
      underWay.set(suffix, writing)
      await writing
      return 'new'
    },
    figures: () => ({ waiting: waiting().length, refused: readdirSync(aside).length }),
    waiting,
    read: name => JSON.parse(readFileSync(join(directory, name), 'utf8')) as Upload,
    done: name => rmSync(join(directory, name), { force: true }),
    setAside: name => {
      if (existsSync(join(directory, name))) renameSync(join(directory, name), join(aside, name))
    },
  }
}
