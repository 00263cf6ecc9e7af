import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { dataDirectoryOf } from '../cluster.ts'
import { megabytes } from '../finding-rule.ts'
import type { Side } from '../sides.ts'
import { askRoom } from './commands.ts'
import { keptFolder, safetyCopyOf, workFolder } from './place.ts'

/** What a compressed dump takes at most of the size of its database, indexes included: an assumption. */
const compressedTo = 0.5
/** Of a server of its own, beside the restored data: its catalogues, and its log up to `max_wal_size` (take-safety-copy.sh). */
const serverBytes = 100e6 + 256 * 2 ** 20
/** Left to the database that serves, whose commits stop when its disk is full. */
const reserveBytes = 2e9

type Asked = { jobs: number; compression: number; workFolder?: string | undefined }
/** What the folders and the data directory lie on. */
export type Devices = { kept: string; work: string; data: string }

/**
 * Bytes needed where the copy is kept, and where it is restored: what both need, where they share a device. `first`: what the data
 * directory itself still takes. Without `devices` (facts of an older version) each is taken to have its own.
 */
export function needed(asked: Asked, sizeBytes: number, devices?: Devices, first = 0) {
  const dump = Math.round(sizeBytes * (asked.compression === 0 ? 1 : compressedTo))
  const work = Math.round(sizeBytes + serverBytes + (asked.jobs > 1 ? dump : 0))
  if (devices === undefined) return { kept: dump, work: work + (asked.workFolder === undefined ? first : 0) }
  const besideData = (device: string): number => (device === devices.data ? first + reserveBytes : 0)
  const [atKept, atWork] = [besideData(devices.kept), besideData(devices.work)]
  return devices.kept === devices.work
    ? { kept: dump + work + atKept, work: dump + work + atWork }
    : { kept: dump + atKept, work: work + atWork }
}

export type Room = {
  age: string
  accepts: boolean
  dump: string
  keptFree: number
  workFree: number
  devices: Devices
}

export async function roomAt(target: Side, io: ReadIo): Promise<Room> {
  const folders = [keptFolder(target), await workFolder(target, io), await dataDirectoryOf(target, io)]
  const { stdout } = await io.read(target.host, askRoom(target, folders))
  const said = new Map(
    stdout
      .split('\n')
      .map(line => line.split(' '))
      .map(words => [words[0], words[1]]),
  )
  const [kept, work, data] = freeIn(stdout)
  const [age = '', dump = ''] = [said.get('age'), said.get('dump')]
  const devices = { kept: kept?.device ?? '', work: work?.device ?? '', data: data?.device ?? '' }
  const free = { keptFree: kept?.bytes ?? 0, workFree: work?.bytes ?? 0 }
  return { age, accepts: said.get('accepts') === 'yes', dump, ...free, devices }
}

/** `free 25000000000 backup:/srv/safety`, of each folder in turn. */
export const freeIn = (printed: string): { bytes: number; device: string }[] =>
  [...printed.matchAll(/^free (\d+) (.*)$/gm)].map(([, bytes, device = '']) => ({
    bytes: Number(bytes),
    device,
  }))

/** Asked again before anything is dumped: the disk of a database must not fill up for its copy. */
export async function refuseTooLittle(target: Side, sizeBytes: number, io: ReadIo): Promise<void> {
  const { keptFree, workFree, devices } = await roomAt(target, io)
  const wanted = needed(safetyCopyOf(target.spec), sizeBytes, devices)
  for (const [folder, free, need] of [
    [keptFolder(target), keptFree, wanted.kept],
    [await workFolder(target, io), workFree, wanted.work],
  ] as const) {
    if (free >= need) continue
    const values = { host: target.host, folder, freeMB: megabytes(free), neededMB: megabytes(need) }
    throw new Failure({ key: 'postgres.safety-copy.noRoom', values })
  }
}
