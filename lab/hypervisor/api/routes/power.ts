import { Refusal } from '../../machines/refusal.ts'
import type { Call } from '../http/call.ts'
import type { Route } from '../http/route.ts'
import {
  boolean,
  count,
  machine,
  node,
  optional,
  type Properties,
  skiplock,
  storage,
  string,
} from '../parameters/property.ts'
import { machinePermission } from '../permissions/check.ts'
import { assertRootOnly } from './guards.ts'

const path = '/nodes/{node}/qemu/{vmid}/status'
const keepActive = optional(boolean)

/** Parameters of a migration's own start: root's alone. */
const incoming: Properties = {
  skiplock,
  stateuri: { type: 'string', maxLength: 128, optional: 1 },
  migratedfrom: optional(node),
  migration_type: { type: 'string', enum: ['secure', 'insecure'], optional: 1 },
  migration_network: optional(string),
  targetstorage: optional(string),
  'force-cpu': optional(string),
  'with-conntrack-state': optional(boolean),
  'nets-host-mtu': optional(string),
}

export const powerRoutes: Route[] = [
  {
    method: 'POST',
    path: `${path}/start`,
    permissions: machinePermission('VM.PowerMgmt'),
    parameters: { ...machine, ...incoming, machine: optional(string), timeout: count },
    handle: async call => {
      assertRootOnly(call, ...Object.keys(incoming))
      await known(call)
      return call.task('qmstart', call.vmid, log => call.hypervisor.machines.startMachine(call.vmid, {}, log))
    },
  },
  {
    method: 'POST',
    path: `${path}/shutdown`,
    permissions: machinePermission('VM.PowerMgmt'),
    parameters: { ...machine, skiplock, timeout: count, forceStop: optional(boolean), keepActive },
    handle: async call => {
      assertRootOnly(call, 'skiplock', 'keepActive')
      const { qmpstatus } = await known(call)
      const { machines } = call.hypervisor
      const forceStop = call.flag('forceStop')
      if (qmpstatus === 'paused' && !forceStop) throw new Refusal('VM is paused - cannot shutdown')
      const timeoutSeconds = call.number('timeout')
      const options = { forceStop, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) }
      return call.task('qmshutdown', call.vmid, log =>
        qmpstatus === 'paused'
          ? machines.stopMachine(call.vmid, {}, log)
          : machines.shutdownMachine(call.vmid, options, log),
      )
    },
  },
  {
    method: 'POST',
    path: `${path}/stop`,
    permissions: machinePermission('VM.PowerMgmt'),
    parameters: {
      ...machine,
      skiplock,
      timeout: count,
      keepActive,
      migratedfrom: optional(node),
      'overrule-shutdown': optional(boolean),
    },
    handle: async call => {
      assertRootOnly(call, 'skiplock', 'keepActive', 'migratedfrom')
      await known(call)
      return call.task('qmstop', call.vmid, log => call.hypervisor.machines.stopMachine(call.vmid, {}, log))
    },
  },
  {
    method: 'POST',
    path: `${path}/suspend`,
    permissions: machinePermission('VM.PowerMgmt'),
    parameters: {
      ...machine,
      skiplock,
      todisk: optional(boolean),
      statestorage: { ...optional(storage), requires: 'todisk' },
    },
    handle: async call => {
      assertRootOnly(call, 'skiplock')
      await running(call)
      if (call.flag('todisk'))
        throw new Refusal('suspending to disk is not part of this hypervisor', { status: 501 })
      return call.task('qmsuspend', call.vmid, log =>
        call.hypervisor.machines.suspendMachine(call.vmid, {}, log),
      )
    },
  },
  {
    method: 'POST',
    path: `${path}/resume`,
    permissions: machinePermission('VM.PowerMgmt'),
    parameters: { ...machine, skiplock, nocheck: optional(boolean) },
    handle: async call => {
      assertRootOnly(call, 'skiplock', 'nocheck')
      await running(call)
      return call.task('qmresume', call.vmid, log =>
        call.hypervisor.machines.resumeMachine(call.vmid, {}, log),
      )
    },
  },
]

async function running(call: Call): Promise<void> {
  const { status } = await known(call)
  if (status !== 'running') throw new Refusal(`VM ${call.vmid} not running`)
}

/** Throws PVE's words for a machine that is not there. */
const known = (call: Call) => call.hypervisor.machines.currentStatus(call.vmid)
