import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { megabytes } from '../finding-rule.ts'
import type { Side } from '../sides.ts'
import { askRoom } from './commands.ts'
import { keptFolder, safetyCopyOf, workFolder } from './place.ts'

/** What a compressed dump takes at most of the size of its database, indexes included: an assumption. */
const compressedTo = 0.5
/** Of a server of its own, beside the restored data. */
const serverBytes = 100e6

/** Bytes needed where the copy is kept, and where it is restored. */
export function needed({ jobs, compression }: { jobs: number; compression: number }, sizeBytes: number) {
  const dump = sizeBytes * (compression === 0 ? 1 : compressedTo)
  return { kept: Math.round(dump), work: Math.round(sizeBytes + serverBytes + (jobs > 1 ? dump : 0)) }
}

export type Room = { age: string; accepts: boolean; dump: string; keptFree: number; workFree: number }

export async function roomAt(target: Side, io: ReadIo): Promise<Room> {
  const folders = [keptFolder(target), await workFolder(target, io)]
  const { stdout } = await io.read(target.host, askRoom(target, folders))
  const said = new Map(
    stdout
      .split('\n')
      .map(line => line.split(' '))
      .map(words => [words[0], words[1]]),
  )
  const free = stdout.split('\n').filter(line => line.startsWith('free '))
  const [keptFree = 0, workFree = 0] = free.map(line => Number(line.split(' ')[1]))
  const [age = '', dump = ''] = [said.get('age'), said.get('dump')]
  return { age, accepts: said.get('accepts') === 'yes', dump, keptFree, workFree }
}

/** Asked again before anything is dumped: the disk of a database must not fill up for its copy. */
export async function refuseTooLittle(target: Side, sizeBytes: number, io: ReadIo): Promise<void> {
  const { keptFree, workFree } = await roomAt(target, io)
  const wanted = needed(safetyCopyOf(target.spec), sizeBytes)
  for (const [folder, free, need] of [
    [keptFolder(target), keptFree, wanted.kept],
    [await workFolder(target, io), workFree, wanted.work],
  ] as const) {
    if (free >= need) continue
    const values = { host: target.host, folder, freeMB: megabytes(free), neededMB: megabytes(need) }
    throw new Failure({ key: 'postgres.safety-copy.noRoom', values })
  }
}
