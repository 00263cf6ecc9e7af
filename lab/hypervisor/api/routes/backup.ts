import { Refusal } from '../../machines/refusal.ts'
import type { BackupRequest, TaskLog } from '../../machines/types.ts'
import type { Call } from '../http/call.ts'
import type { Route } from '../http/route.ts'
import { boolean, count, node, optional, type Properties, storage, string } from '../parameters/property.ts'
import { refuseParameters } from '../parameters/verify.ts'
import { everybody } from '../permissions/check.ts'
import { storageOf } from './storages.ts'
import { assertVolumeAccess } from './volume-access.ts'

const flag = optional(boolean)
const text = optional(string)

/** All that PVE takes; what only matters for containers or mail is taken and changes nothing. */
const parameters: Properties = {
  node: optional(node),
  vmid: { type: 'string', format: 'pve-vmid-list', optional: 1 },
  storage: optional(storage),
  mode: { type: 'string', enum: ['snapshot', 'suspend', 'stop'], optional: 1 },
  compress: { type: 'string', enum: ['0', '1', 'gzip', 'lzo', 'zstd'], optional: 1 },
  'notes-template': { type: 'string', maxLength: 1024, requires: 'storage', optional: 1 },
  protected: { type: 'boolean', requires: 'storage', optional: 1 },
  all: flag,
  bwlimit: count,
  dumpdir: text,
  exclude: { type: 'string', format: 'pve-vmid-list', optional: 1 },
  'exclude-path': { type: 'array', optional: 1 },
  fleecing: text,
  ionice: { type: 'integer', minimum: 0, maximum: 8, optional: 1 },
  'job-id': { type: 'string', maxLength: 50, pattern: '\\S+', optional: 1 },
  lockwait: count,
  mailnotification: { type: 'string', enum: ['always', 'failure'], optional: 1 },
  mailto: text,
  maxfiles: { type: 'integer', minimum: 1, optional: 1 },
  'notification-mode': {
    type: 'string',
    enum: ['auto', 'legacy-sendmail', 'notification-system'],
    optional: 1,
  },
  'pbs-change-detection-mode': { type: 'string', enum: ['legacy', 'data', 'metadata'], optional: 1 },
  performance: text,
  pigz: { type: 'integer', optional: 1 },
  pool: text,
  'prune-backups': text,
  quiet: flag,
  remove: flag,
  script: text,
  stdexcludes: flag,
  stdout: flag,
  stop: flag,
  stopwait: count,
  tmpdir: text,
  zstd: { type: 'integer', optional: 1 },
}

export const backupRoutes: Route[] = [
  {
    method: 'POST',
    path: '/nodes/{node}/vzdump',
    permissions: everybody,
    parameters,
    handle: async call => {
      assertMayAsk(call)
      const { storage, content } = await storageOf(call.hypervisor, call.maybe('storage') ?? 'local')
      if (!content.split(',').includes('backup'))
        throw new Refusal(`can't use storage '${storage}' for backups - wrong content type`)
      call.assertHolds(`/storage/${storage}`, ['Datastore.AllocateSpace'])
      const vmids = await chosen(call)
      const id = vmids.length === 1 ? String(vmids[0]) : ''
      return call.task('vzdump', id, async log => {
        for (const vmid of vmids) await backUp(call, requestFor(call, vmid, storage), log)
      })
    },
  },
  {
    method: 'GET',
    path: '/nodes/{node}/vzdump/extractconfig',
    permissions: everybody,
    parameters: { node, volume: string },
    handle: call => {
      assertVolumeAccess(call, call.text('volume'), undefined, 'backup')
      return call.hypervisor.machines.archiveConfig(call.text('volume'))
    },
  },
]

function assertMayAsk(call: Call): void {
  const rootOnly = ['tmpdir', 'dumpdir', 'script', 'job-id'].filter(name => call.maybe(name) !== undefined)
  refuseParameters(Object.fromEntries(rootOnly.map(name => [name, 'Only root may set this option.'])))
  if (['bwlimit', 'performance', 'ionice'].some(name => call.maybe(name) !== undefined))
    call.assertHolds('/', ['Sys.Modify'])
  if (call.flag('stdout'))
    refuseParameters({ stdout: 'option is only allowed on the command line interface.' })
  const pruned = call.maybe('prune-backups')
  if (pruned !== undefined)
    call.assertHolds(`/storage/${call.maybe('storage') ?? 'local'}`, ['Datastore.Allocate'])
}

async function chosen(call: Call): Promise<number[]> {
  const excluded = new Set(call.list('exclude').map(Number))
  if (!call.flag('all')) {
    const named = call.list('vmid').map(Number)
    if (named.length === 0) refuseParameters({ vmid: 'property is missing and it is not optional' })
    return named.sort((one, other) => one - other)
  }
  const machines = await call.hypervisor.machines.listMachines()
  return machines
    .map(({ vmid }) => vmid)
    .filter(vmid => !excluded.has(vmid) && call.holds(`/vms/${vmid}`, 'VM.Backup'))
}

function requestFor(call: Call, vmid: number, storage: string): BackupRequest {
  const [mode, compress, notesTemplate] = [
    call.maybe('mode'),
    call.maybe('compress'),
    call.maybe('notes-template'),
  ]
  return {
    vmid,
    storage,
    mode: mode === 'stop' || mode === 'suspend' ? mode : 'snapshot',
    compress: compress === 'zstd' ? 'zstd' : compress === 'gzip' || compress === '1' ? 'gzip' : '0',
    protected: call.flag('protected'),
    ...(notesTemplate === undefined ? {} : { notesTemplate }),
  }
}

/** The right to back up is looked at for each machine, in the task. */
async function backUp(call: Call, request: BackupRequest, log: TaskLog): Promise<void> {
  const { machines } = call.hypervisor
  const known = (await machines.listMachines()).some(({ vmid }) => vmid === request.vmid)
  if (known && !call.holds(`/vms/${request.vmid}`, 'VM.Backup'))
    throw new Refusal(`403 Permission check failed (/vms/${request.vmid}, VM.Backup)`)
  await machines.vzdump(request, log)
}
