import { Refusal } from '../../machines/refusal.ts'
import type { Volume } from '../../machines/types.ts'
import type { Call } from '../http/call.ts'
import type { Route } from '../http/route.ts'
import { node, optional, storage, string, vmid } from '../parameters/property.ts'
import { refuseParameters } from '../parameters/verify.ts'
import { everybody } from '../permissions/check.ts'
import { readsStorage, storageOf } from './storages.ts'
import { assertVolumeAccess, ownerOf } from './volume-access.ts'

const content = '/nodes/{node}/storage/{storage}/content'
const uploads = ['iso', 'vztmpl', 'import']
const checksums = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']
const checksum = {
  checksum: optional({ type: 'string', requires: 'checksum-algorithm' }),
  'checksum-algorithm': optional({ type: 'string', enum: checksums, requires: 'checksum' }),
} as const

export const contentRoutes: Route[] = [
  {
    method: 'GET',
    path: content,
    permissions: readsStorage,
    parameters: { node, storage, content: optional(string), vmid: optional(vmid) },
    handle: async call => {
      const { storage } = await storageOf(call.hypervisor, call.text('storage'))
      const [content, owner] = [call.maybe('content'), call.number('vmid')]
      const volumes = await call.hypervisor.machines.storageContent(storage, {
        ...(content === undefined ? {} : { content }),
        ...(owner === undefined ? {} : { vmid: owner }),
      })
      return volumes.filter(({ volid }) => mayAccess(call, volid))
    },
  },
  {
    method: 'POST',
    path: content,
    permissions: { check: ['perm', '/storage/{storage}', ['Datastore.AllocateSpace']] },
    parameters: {
      node,
      storage,
      vmid,
      filename: string,
      size: { type: 'string', pattern: '\\d+[MG]?' },
      format: { type: 'string', enum: ['raw', 'qcow2', 'subvol', 'vmdk'], optional: 1, requires: 'size' },
    },
    handle: async call => {
      const { storage } = await storageOf(call.hypervisor, call.text('storage'))
      const format = call.maybe('format') ?? (/\.qcow2$/.test(call.text('filename')) ? 'qcow2' : 'raw')
      if (format !== 'raw' && format !== 'qcow2') throw new Refusal(`unsupported format '${format}'`)
      const name = call.text('filename')
      return call.hypervisor.machines.allocateDisk({
        storage,
        vmid: call.vmid,
        sizeBytes: bytesOf(call.text('size')),
        format,
        name,
      })
    },
  },
  {
    method: 'GET',
    path: `${content}/{volume}`,
    permissions: everybody,
    parameters: { node, storage: optional(storage), volume: string },
    handle: async call => {
      const volid = volumeOf(call)
      assertVolumeAccess(call, volid)
      const { format, size, used, notes, protected: kept } = await find(call, volid)
      return {
        path: call.hypervisor.machines.volumePath(volid),
        format,
        size,
        used: used ?? size,
        ...(notes === undefined ? {} : { notes }),
        ...(kept === undefined ? {} : { protected: kept }),
      }
    },
  },
  {
    method: 'DELETE',
    path: `${content}/{volume}`,
    permissions: everybody,
    parameters: {
      node,
      storage: optional(storage),
      volume: string,
      delay: { type: 'integer', minimum: 1, maximum: 30, optional: 1 },
    },
    handle: async call => {
      const volid = volumeOf(call)
      const [id] = volid.split(':')
      const owner = ownerOf(volid)
      if (/:backup\//.test(volid) && owner !== undefined) {
        call.assertHolds(`/storage/${id}`, ['Datastore.AllocateSpace'])
        call.assertHolds(`/vms/${owner}`, ['VM.Backup'])
      } else call.assertHolds(`/storage/${id}`, ['Datastore.Allocate'])
      return call.task('imgdel', owner ?? '', async log => {
        await call.hypervisor.machines.deleteVolume(volid, log)
        log.line(`Removed volume '${volid}'`)
      })
    },
  },
  {
    // PVE takes images and templates here, and never a backup.
    method: 'POST',
    path: '/nodes/{node}/storage/{storage}/upload',
    permissions: { check: ['perm', '/storage/{storage}', ['Datastore.AllocateTemplate']] },
    parameters: {
      node,
      storage,
      content: { type: 'string', enum: uploads },
      filename: { type: 'string', maxLength: 255 },
      tmpfilename: { type: 'string', pattern: '/var/tmp/pveupload-[0-9a-f]+', optional: 1 },
      ...checksum,
    },
    handle: async call => {
      const { storage, content } = await storageOf(call.hypervisor, call.text('storage'))
      const wanted = call.text('content')
      if (!content.split(',').includes(wanted))
        throw new Refusal(`storage '${storage}' does not support '${wanted}' content`)
      throw new Refusal('uploads are not part of this hypervisor', { status: 501 })
    },
  },
]

/** `{volume}` with its storage, given as part of it or only in the path. */
function volumeOf(call: Call): string {
  const [volume, storage] = [call.text('volume'), call.maybe('storage')]
  const [id, name] = volume.split(':')
  if (name === undefined) {
    if (storage === undefined) refuseParameters({ volume: 'no storage specified - incomplete volume ID' })
    return `${storage}:${volume}`
  }
  if (storage !== undefined && id !== storage)
    refuseParameters({ volume: `storage ID mismatch (${id} != ${storage})\n` })
  return volume
}

async function find(call: Call, volid: string): Promise<Volume> {
  const volumes = await call.hypervisor.machines.storageContent(volid.split(':')[0] ?? '')
  const found = volumes.find(one => one.volid === volid)
  if (!found) throw new Refusal(`volume_size_info on '${volid}' failed - no format`)
  return found
}

function mayAccess(call: Call, volid: string): boolean {
  try {
    assertVolumeAccess(call, volid)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** PVE's sizes are in KiB when nothing follows. */
function bytesOf(size: string): number {
  const [, number, unit = ''] = /^(\d+)([MG]?)$/.exec(size) ?? []
  return Number(number) * ({ '': 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[unit] ?? 1)
}
