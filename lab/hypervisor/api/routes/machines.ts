import { Refusal } from '../../machines/refusal.ts'
import type { Route } from '../http/route.ts'
import { boolean, machine, node, optional, skiplock } from '../parameters/property.ts'
import { everybody, machinePermission } from '../permissions/check.ts'
import { assertRootOnly, isManagedByHa, isReplicated } from './guards.ts'

export const machineRoutes: Route[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/qemu',
    permissions: everybody,
    parameters: { node, full: optional(boolean) },
    handle: async call =>
      (await call.hypervisor.machines.listMachines()).filter(({ vmid }) =>
        call.holds(`/vms/${vmid}`, 'VM.Audit'),
      ),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}',
    permissions: everybody,
    parameters: machine,
    handle: () =>
      ['config', 'status', 'agent', 'migrate', 'remote_migrate', 'snapshot'].map(subdir => ({ subdir })),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/status',
    permissions: everybody,
    parameters: machine,
    handle: () => ['current', 'start', 'stop', 'reset', 'shutdown'].map(subdir => ({ subdir })),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/status/current',
    permissions: machinePermission('VM.Audit'),
    parameters: machine,
    handle: async call => {
      const status = await call.hypervisor.machines.currentStatus(call.vmid)
      return { ...status, ha: { managed: isManagedByHa(call.hypervisor, call.vmid) ? 1 : 0 } }
    },
  },
  {
    method: 'DELETE',
    path: '/nodes/{node}/qemu/{vmid}',
    permissions: machinePermission('VM.Allocate'),
    parameters: {
      ...machine,
      purge: optional(boolean),
      'destroy-unreferenced-disks': optional(boolean),
      skiplock,
    },
    handle: async call => {
      const { hypervisor, vmid } = call
      assertRootOnly(call, 'skiplock')
      const { config } = await hypervisor.machines.readConfig(vmid)
      if (config.protection === '1') throw new Refusal(`can't remove VM ${vmid} - protection mode enabled`)
      if (!call.flag('purge')) {
        if (isManagedByHa(hypervisor, vmid))
          throw new Refusal(`unable to remove VM ${vmid} - used in HA resources and purge parameter not set.`)
        if (isReplicated(hypervisor, vmid))
          throw new Refusal(
            `There is a replication job '${vmid}-0' for guest '${vmid}' - Please remove that first.`,
          )
      }
      const { status } = await hypervisor.machines.currentStatus(vmid)
      if (status === 'running') throw new Refusal(`VM ${vmid} is running - destroy failed`)
      const options = {
        purge: call.flag('purge'),
        skiplock: call.flag('skiplock'),
        destroyUnreferenced: call.flag('destroy-unreferenced-disks'),
      }
      return call.task('qmdestroy', vmid, log => hypervisor.machines.destroyMachine(vmid, options, log))
    },
  },
]
