import { join } from 'node:path'
import { Refusal } from '../../machines/refusal.ts'
import type { StorageStatus } from '../../machines/types.ts'
import type { Call, Hypervisor } from '../http/call.ts'
import type { Route } from '../http/route.ts'
import { splitList } from '../parameters/formats.ts'
import { boolean, node, optional, storage, string } from '../parameters/property.ts'
import { everybody, type Permissions } from '../permissions/check.ts'
import { readSections } from './section-config.ts'

export const readsStorage: Permissions = {
  check: ['perm', '/storage/{storage}', ['Datastore.Audit', 'Datastore.AllocateSpace'], 'any', 1],
}
const storageTypes = [
  ...[
    'btrfs',
    'cephfs',
    'cifs',
    'dir',
    'esxi',
    'iscsi',
    'iscsidirect',
    'lvm',
    'lvmthin',
    'nfs',
    'pbs',
    'rbd',
  ],
  ...['zfs', 'zfspool'],
]

/** Those of which the caller may know. */
export async function visibleStorages(call: Call): Promise<StorageStatus[]> {
  return (await call.hypervisor.machines.listStorages()).filter(({ storage }) => maySee(call, storage))
}

const maySee = (call: Call, id: string) =>
  ['Datastore.Audit', 'Datastore.AllocateSpace'].some(privilege => call.holds(`/storage/${id}`, privilege))

/** Throws PVE's words for a storage that is not there. */
export async function storageOf({ machines }: Hypervisor, id: string): Promise<StorageStatus> {
  const found = (await machines.listStorages()).find(one => one.storage === id)
  if (!found) throw new Refusal(`storage '${id}' does not exist`)
  return found
}

/** Disk formats that a storage can hold, its default first. */
export function formatsOf({ faults }: Hypervisor, status: StorageStatus) {
  const held = ['dir', 'nfs', 'cifs', 'btrfs'].includes(status.type) ? ['raw', 'qcow2', 'vmdk'] : ['raw']
  const supported = held.filter(
    format =>
      !faults.find('format-refused', fault => fault.storage === status.storage && fault.format === format),
  )
  return { supported, default: 'raw' }
}

export const storageRoutes: Route[] = [
  {
    method: 'GET',
    path: '/storage',
    permissions: everybody,
    parameters: { type: { type: 'string', enum: storageTypes, optional: 1 } },
    handle: call =>
      readSections(join(call.hypervisor.root, 'etc/pve/storage.cfg'))
        .filter(({ id, type }) => maySee(call, id) && type === (call.maybe('type') ?? type))
        .map(({ id, type, settings }) => ({ ...settings, storage: id, type })),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/storage',
    permissions: everybody,
    parameters: {
      node,
      content: optional(string),
      enabled: optional(boolean),
      format: optional(boolean),
      storage: optional(storage),
      target: optional(node),
    },
    handle: async call => {
      const contents = call.list('content')
      return (await visibleStorages(call))
        .filter(({ storage }) => storage === (call.maybe('storage') ?? storage))
        .filter(({ enabled }) => enabled || !call.flag('enabled'))
        .filter(({ content }) => contents.every(one => splitList(content).includes(one)))
        .map(one => (call.flag('format') ? { ...one, formats: formatsOf(call.hypervisor, one) } : one))
    },
  },
  {
    method: 'GET',
    path: '/nodes/{node}/storage/{storage}/status',
    permissions: readsStorage,
    parameters: { node, storage },
    handle: async call => {
      const {
        storage: _,
        used_fraction: __,
        ...status
      } = await storageOf(call.hypervisor, call.text('storage'))
      return status
    },
  },
]
