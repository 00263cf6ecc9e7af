import { join } from 'node:path'
import type { Json } from '../../machines/types.ts'
import type { Call } from '../http/call.ts'
import type { Route } from '../http/route.ts'
import { optional, vmid } from '../parameters/property.ts'
import { refuseParameters } from '../parameters/verify.ts'
import { everybody } from '../permissions/check.ts'
import { nodeEntry } from './nodes.ts'
import { readSections } from './section-config.ts'
import { visibleStorages } from './storages.ts'
import { listTasks } from './task-list.ts'

export const clusterRoutes: Route[] = [
  {
    method: 'GET',
    path: '/cluster/resources',
    permissions: everybody,
    parameters: { type: { type: 'string', enum: ['vm', 'storage', 'node', 'sdn'], optional: 1 } },
    handle: async call => {
      const type = call.maybe('type')
      const wanted = (name: string) => type === undefined || type === name
      return [
        ...(wanted('vm') ? await machineResources(call) : []),
        ...(wanted('node') ? [nodeResource(call)] : []),
        ...(wanted('storage') ? await storageResources(call) : []),
        ...(wanted('sdn') ? [sdnResource(call)] : []),
      ]
    },
  },
  {
    method: 'GET',
    path: '/cluster/status',
    permissions: { check: ['perm', '/', ['Sys.Audit']] },
    parameters: {},
    handle: ({ hypervisor: { node } }) => [
      {
        type: 'node',
        id: `node/${node}`,
        name: node,
        ip: '127.0.0.1',
        local: 1,
        online: 1,
        nodeid: 0,
        level: '',
      },
    ],
  },
  {
    method: 'GET',
    path: '/cluster/nextid',
    permissions: everybody,
    parameters: { vmid: optional(vmid) },
    handle: async call => {
      const taken = new Set((await call.hypervisor.machines.listMachines()).map(one => one.vmid))
      const asked = call.number('vmid')
      if (asked !== undefined && taken.has(asked)) refuseParameters({ vmid: `VM ${asked} already exists` })
      let free = asked ?? 100
      while (taken.has(free)) free += 1
      return String(free)
    },
  },
  {
    method: 'GET',
    path: '/cluster/tasks',
    permissions: everybody,
    parameters: {},
    handle: call => listTasks(call, { source: 'all', limit: 25 }).tasks,
  },
  {
    method: 'GET',
    path: '/cluster/ha/resources',
    permissions: { check: ['perm', '/', ['Sys.Audit']] },
    parameters: { type: { type: 'string', enum: ['ct', 'vm'], optional: 1 } },
    handle: call =>
      readSections(join(call.hypervisor.root, 'etc/pve/ha/resources.cfg'))
        .filter(({ type }) => type === (call.maybe('type') ?? type))
        .map(({ type, id, settings }) => ({ sid: `${type}:${id}`, type, state: 'started', ...settings })),
  },
  {
    method: 'GET',
    path: '/cluster/replication',
    permissions: everybody,
    parameters: {},
    handle: call =>
      readSections(join(call.hypervisor.root, 'etc/pve/replication.cfg'))
        .filter(({ id }) => call.holds(`/vms/${id.split('-')[0]}`, 'VM.Audit'))
        .map(({ type, id, settings }) => ({
          ...settings,
          id,
          type,
          guest: Number(id.split('-')[0]),
          jobnum: Number(id.split('-')[1]),
          target: settings.target ?? '',
        })),
  },
]

async function machineResources(call: Call): Promise<Json[]> {
  const machines = await call.hypervisor.machines.listMachines()
  return machines
    .filter(({ vmid }) => call.holds(`/vms/${vmid}`, 'VM.Audit'))
    .map(one => ({
      id: `qemu/${one.vmid}`,
      type: 'qemu',
      node: call.hypervisor.node,
      vmid: one.vmid,
      name: one.name,
      status: one.status,
      template: one.template ?? 0,
      maxcpu: one.cpus,
      cpu: one.cpu,
      maxmem: one.maxmem,
      mem: one.mem,
      maxdisk: one.maxdisk,
      disk: one.disk,
      uptime: one.uptime,
      netin: one.netin,
      netout: one.netout,
      diskread: one.diskread,
      diskwrite: one.diskwrite,
      ...(one.lock === undefined ? {} : { lock: one.lock }),
      ...(one.tags === undefined ? {} : { tags: one.tags }),
    }))
}

/** Figures are an auditor's; that the node is there, everybody's. */
function nodeResource(call: Call): Json {
  const { node, ssl_fingerprint: _, ...entry } = nodeEntry(call.hypervisor)
  const { status, level } = entry
  const shown = call.holds(`/nodes/${node}`, 'Sys.Audit') ? entry : { status, level }
  return { ...shown, id: `node/${node}`, type: 'node', node }
}

async function storageResources(call: Call): Promise<Json[]> {
  const { node } = call.hypervisor
  return (await visibleStorages(call)).map(({ storage, type, content, active, shared, total, used }) => ({
    id: `storage/${node}/${storage}`,
    type: 'storage',
    node,
    storage,
    plugintype: type,
    content,
    status: active ? 'available' : 'unknown',
    shared,
    maxdisk: total,
    disk: used,
  }))
}

const sdnResource = ({ hypervisor: { node } }: Call): Json => ({
  id: `sdn/${node}/localnetwork`,
  type: 'sdn',
  node,
  sdn: 'localnetwork',
  status: 'ok',
})
