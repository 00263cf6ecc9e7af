import { Refusal } from '../../machines/refusal.ts'
import type { Config, RestoreRequest } from '../../machines/types.ts'
import type { Call } from '../http/call.ts'
import type { Route } from '../http/route.ts'
import { machineOptions } from '../parameters/machine-options.ts'
import { boolean, count, node, optional, propertyOf, storage, string, vmid } from '../parameters/property.ts'
import { refuseParameters } from '../parameters/verify.ts'
import { everybody, refused } from '../permissions/check.ts'
import { assertMayChange, assertMayUse, isDrive } from './machine-rights.ts'
import { storageOf } from './storages.ts'
import { assertVolumeAccess } from './volume-access.ts'

export const createRoutes: Route[] = [
  {
    // Creates a machine, or brings one back from a backup when `archive` names it.
    method: 'POST',
    path: '/nodes/{node}/qemu',
    permissions: everybody,
    parameters: {
      node,
      vmid,
      ...machineOptions,
      archive: { type: 'string', maxLength: 255, optional: 1 },
      bwlimit: count,
      force: { type: 'boolean', optional: 1, requires: 'archive' },
      'ha-managed': optional(boolean),
      'import-working-storage': optional(storage),
      'live-restore': optional(boolean),
      pool: optional(string),
      start: optional(boolean),
      storage: optional(storage),
      unique: { type: 'boolean', optional: 1, requires: 'archive' },
    },
    handle: async call => {
      const { machines, node } = call.hypervisor
      const { vmid } = call
      const archive = call.maybe('archive')
      const config = configOf(call)
      const existing = (await machines.listMachines()).find(one => one.vmid === vmid)
      assertMayCreate(call, existing !== undefined)
      const named = call.maybe('storage')
      if (named !== undefined) await storageOf(call.hypervisor, named)
      if (archive !== undefined) assertMayRestore(call, archive, config)
      assertMayUse(call, config)
      assertMayChange(call, Object.keys(config))
      const failed = `unable to ${archive === undefined ? 'create' : 'restore'} VM ${vmid}`
      if (existing && !call.flag('force'))
        throw new Refusal(`${failed} - VM ${vmid} already exists on node '${node}'`)
      if (existing?.lock !== undefined) throw new Refusal(`${failed} - VM is locked (${existing.lock})`)
      if (archive !== undefined) {
        const request = restoreRequest(call, archive, config)
        return call.task('qmrestore', vmid, log => machines.restore(request, log))
      }
      return call.task('qmcreate', vmid, async log => {
        await machines.createMachine(vmid, config, log)
        if (call.flag('start')) await machines.startMachine(vmid, {}, log)
      })
    },
  },
]

/** The machine's own options among the parameters. */
export const configOf = ({ given }: Call): Config =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      propertyOf(machineOptions, name) ? [[name, String(value)]] : [],
    ),
  )

function assertMayCreate(call: Call, exists: boolean): void {
  const { vmid } = call
  const named = call.maybe('storage')
  if (named !== undefined) call.assertHolds(`/storage/${named}`, ['Datastore.AllocateSpace'])
  if (call.flag('ha-managed')) call.assertHolds('/', ['Sys.Console'])
  if (call.flag('start')) call.assertHolds(`/vms/${vmid}`, ['VM.PowerMgmt'])
  if (call.holds(`/vms/${vmid}`, 'VM.Allocate')) return
  const pool = call.maybe('pool')
  if (pool !== undefined && call.holds(`/pool/${pool}`, 'VM.Allocate')) return
  const overwrites = call.maybe('archive') !== undefined && call.flag('force') && exists
  if (!(overwrites && call.holds(`/vms/${vmid}`, 'VM.Backup'))) throw refused()
}

function assertMayRestore(call: Call, archive: string, config: Config): void {
  const drive = Object.keys(config).find(isDrive)
  if (drive !== undefined) refuseParameters({ [drive]: "option conflicts with option 'archive'" })
  if (archive === '-') throw new Refusal('pipe requires cli environment')
  assertVolumeAccess(call, archive, call.vmid, 'backup')
  if (call.flag('live-restore'))
    throw new Refusal('live-restore is only compatible with backup images from a Proxmox Backup Server')
}

function restoreRequest(call: Call, archive: string, override: Config): RestoreRequest {
  const [storage, bwlimit] = [call.maybe('storage'), call.number('bwlimit')]
  return {
    vmid: call.vmid,
    archive,
    unique: call.flag('unique'),
    force: call.flag('force'),
    start: call.flag('start'),
    ...(storage === undefined ? {} : { storage }),
    ...(bwlimit === undefined ? {} : { bwlimit }),
    ...(Object.keys(override).length > 0 ? { override } : {}),
  }
}
