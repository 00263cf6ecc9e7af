import { Refusal } from '../../machines/refusal.ts'
import type { Call } from '../http/call.ts'

/** The machine that a volume's name says it belongs to. */
export function ownerOf(volid: string): number | undefined {
  const owner =
    /:(\d+)\//.exec(volid)?.[1] ??
    /(?:vm|base)-(\d+)-/.exec(volid)?.[1] ??
    /vzdump-qemu-(\d+)-/.exec(volid)?.[1]
  return owner === undefined ? undefined : Number(owner)
}

/** What PVE requires of a request that names an existing volume. `vmid`: the machine it is named for. */
export function assertVolumeAccess(call: Call, volid: string, vmid?: number, type?: 'backup'): void {
  const [, storage, name = ''] = /^([a-z][\w.-]*):(.+)$/i.exec(volid) ?? []
  if (storage === undefined) throw new Refusal('Only root can pass arbitrary filesystem paths.')
  const isBackup = name.startsWith('backup/')
  if (type === 'backup' && !isBackup)
    throw new Refusal(`unable to use volume ${volid} - content type needs to be 'backup'`)
  if (call.holds(`/storage/${storage}`, 'Datastore.Allocate')) return
  const owner = ownerOf(volid)
  if (name.startsWith('iso/'))
    call.assertHolds(`/storage/${storage}`, ['Datastore.AllocateSpace', 'Datastore.Audit'], 'any')
  else if (owner === undefined) throw new Refusal(`missing privileges to access ${volid}`)
  else if (owner === vmid) return
  else if (isBackup) {
    call.assertHolds(`/storage/${storage}`, ['Datastore.AllocateSpace'])
    call.assertHolds(`/vms/${owner}`, ['VM.Backup'])
  } else {
    call.assertHolds(`/storage/${storage}`, ['Datastore.Audit'])
    call.assertHolds(`/vms/${owner}`, ['VM.Config.Disk'])
  }
}
