import { Refusal } from '../../machines/refusal.ts'
import type { Route } from '../http/route.ts'
import { boolean, machine, optional, snapname, string } from '../parameters/property.ts'
import { machinePermission } from '../permissions/check.ts'

const path = '/nodes/{node}/qemu/{vmid}/snapshot'

export const snapshotRoutes: Route[] = [
  {
    method: 'GET',
    path,
    permissions: machinePermission('VM.Audit'),
    parameters: machine,
    handle: call => call.hypervisor.machines.listSnapshots(call.vmid),
  },
  {
    method: 'POST',
    path,
    permissions: machinePermission('VM.Snapshot'),
    parameters: { ...machine, snapname, description: optional(string), vmstate: optional(boolean) },
    handle: async call => {
      const { machines } = call.hypervisor
      const name = call.text('snapname')
      if (name === 'current' || name === 'pending')
        throw new Refusal(`unable to use snapshot name '${name}' (reserved name)`)
      await machines.readConfig(call.vmid)
      const description = call.maybe('description')
      return call.task('qmsnapshot', call.vmid, log =>
        machines.snapshot(call.vmid, { name, ...(description === undefined ? {} : { description }) }, log),
      )
    },
  },
  {
    method: 'DELETE',
    path: `${path}/{snapname}`,
    permissions: machinePermission('VM.Snapshot'),
    parameters: { ...machine, snapname, force: optional(boolean) },
    handle: async call => {
      const { machines } = call.hypervisor
      await machines.readConfig(call.vmid)
      return call.task('qmdelsnapshot', call.vmid, log =>
        machines.deleteSnapshot(call.vmid, call.text('snapname'), log),
      )
    },
  },
]
