import { Failure } from '../../../../model/failure.ts'
import type { ReadIo } from '../../../../model/io.ts'
import { disksOf } from '../../client/property-string.ts'
import { readPve } from '../../client/read.ts'
import { volumePath } from '../../machine/host-commands.ts'
import type { Ends, MachineSide } from '../../sides.ts'
import { listSnapshots, properties, writtenSince } from './commands.ts'
import type { ZfsDisk } from './note.ts'

/** `number`: undefined for a snapshot that is not of that seed. */
export type Snapshot = { name: string; guid: string; number: number | undefined }

/** As PVE names a machine's disks on a storage of ZFS. */
export const volumeAt = ({ spec, vmid }: MachineSide, index: number): string =>
  `${spec.target.storage}:vm-${vmid}-disk-${index}`

const devices = '/dev/zvol/'
/** The dataset behind a volume, whether it is there or not. Throws Failure when the storage is not one of ZFS. */
export async function datasetOf(io: ReadIo, at: MachineSide, volume: string): Promise<string> {
  const path = (await io.read(at.host.ssh, volumePath(volume))).stdout.trim()
  if (path.startsWith(devices)) return path.slice(devices.length)
  const values = { component: at.component, host: at.host.ssh, volume, path }
  throw new Failure({ key: 'proxmox-vm.zfs.notZfs', values })
}

/** The machine's disks as they are now, each with its place at the target. */
export async function disksNow(io: ReadIo, { source, target }: Ends): Promise<ZfsDisk[]> {
  const config = await readPve(source, io).config()
  return Promise.all(
    disksOf(config).map(async ({ slot, volume }, index): Promise<ZfsDisk> => {
      const targetVolume = volumeAt(target, index)
      const [sourceDataset, targetDataset] = await Promise.all([
        datasetOf(io, source, volume),
        datasetOf(io, target, targetVolume),
      ])
      const [size] = (await propertiesOf(io, source, sourceDataset, 'volsize')) ?? []
      return { slot, sourceDataset, targetVolume, targetDataset, sizeBytes: Number(size) }
    }),
  )
}

/** Undefined when there is no such dataset. Any other trouble is a Failure: it must not pass for its absence. */
export async function propertiesOf(
  io: ReadIo,
  { host, component }: MachineSide,
  dataset: string,
  ...names: string[]
): Promise<string[] | undefined> {
  const argv = properties(dataset, ...names)
  const { exitCode, stdout, stderr } = await io.read(host.ssh, argv, { allowFailure: true })
  if (exitCode === 0) return stdout.trim().split('\n')
  if (/does not exist/.test(stderr)) return undefined
  const values = { component, host: host.ssh, dataset, detail: stderr.trim().slice(-600) }
  throw new Failure({ key: 'proxmox-vm.zfs.unreadable', values })
}

/** All snapshots of a dataset, the oldest first; none when there is no such dataset. */
export async function snapshotsOf(
  io: ReadIo,
  at: MachineSide,
  dataset: string,
  seed: string,
): Promise<Snapshot[]> {
  if ((await propertiesOf(io, at, dataset, 'type')) === undefined) return []
  const { stdout } = await io.read(at.host.ssh, listSnapshots(dataset))
  const ours = new RegExp(`@bascule-${seed}-(\\d+)$`)
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [name = '', guid = ''] = line.split('\t')
      const number = ours.exec(name)?.[1]
      return { name, guid, number: number === undefined ? undefined : Number(number) }
    })
}

/** Bytes written to the dataset after that snapshot of it, as far as the pool has them. */
export async function writtenAfter(io: ReadIo, at: MachineSide, snapshot: string): Promise<number> {
  const [dataset = ''] = snapshot.split('@')
  const [bytes] = (await propertiesOf(io, at, dataset, writtenSince(snapshot))) ?? []
  return Number(bytes ?? 0)
}

/** The youngest of this seed's snapshots that both ends have, by its guid and not only by its name. */
export const lastCommon = (here: readonly Snapshot[], there: readonly Snapshot[]): Snapshot | undefined =>
  here.findLast(
    ({ guid, number }) =>
      number !== undefined && there.some(other => other.guid === guid && other.number === number),
  )
