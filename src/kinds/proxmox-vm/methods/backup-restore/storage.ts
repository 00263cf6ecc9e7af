import { Failure } from '../../../../model/failure.ts'
import type { ReadIo } from '../../../../model/io.ts'
import type { Storage } from '../../client/answers.ts'
import { readPve } from '../../client/read.ts'
import type { MachineSide } from '../../sides.ts'

/** Storages whose archives are files of the hypervisor: rsync cannot fetch from a Proxmox Backup Server. */
const ofFiles = new Set(['dir', 'nfs', 'cifs', 'cephfs', 'btrfs', 'zfs'])

/** The storages that take archives, the one with the most room first. Pure. */
const inOrder = (storages: readonly Storage[]): Storage[] =>
  storages
    .filter(({ type, content }) => ofFiles.has(type) && content.split(',').includes('backup'))
    .filter(({ active, enabled }) => Number(active ?? 1) === 1 && Number(enabled ?? 1) === 1)
    .sort((left, right) => (right.avail ?? 0) - (left.avail ?? 0))

/** The one for a new archive; undefined when none takes any. Pure. */
export const backupStorageOf = (storages: readonly Storage[]): Storage | undefined => inOrder(storages)[0]

/** Where archives may be: the one for the next has had less room than another before. */
export const backupStorages = async (io: ReadIo, side: MachineSide): Promise<Storage[]> =>
  inOrder(await readPve(side, io).storages())

/** `local:backup/vzdump-…` lies in `local`. */
export const storageOf = (volid: string): string => volid.slice(0, volid.indexOf(':'))

/** Throws Failure when the site has no storage for archives. */
export async function backupStorage(io: ReadIo, side: MachineSide): Promise<Storage> {
  const [found] = await backupStorages(io, side)
  if (found !== undefined) return found
  const values = { component: side.component, site: side.siteTitle, host: side.host.ssh }
  throw new Failure(
    { key: 'proxmox-vm.backup.noStorage', values },
    { remedy: { key: 'proxmox-vm.backup.noStorage.remedy', values } },
  )
}
