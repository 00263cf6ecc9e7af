import { Refusal } from '../../machines/refusal.ts'
import type { Config, MigrateRequest, OpenTunnel } from '../../machines/types.ts'
import type { Call } from '../http/call.ts'
import type { Route } from '../http/route.ts'
import { splitList } from '../parameters/formats.ts'
import { boolean, count, machine, node, optional, string, vmid } from '../parameters/property.ts'
import { refuseParameters } from '../parameters/verify.ts'
import { machinePermission } from '../permissions/check.ts'
import { isManagedByHa, isReplicated } from './guards.ts'
import { isDrive } from './machine-rights.ts'
import { parseEndpoint, parseIdMap } from './migrate-maps.ts'

const path = '/nodes/{node}/qemu/{vmid}'

export const migrationRoutes: Route[] = [
  {
    method: 'GET',
    path: `${path}/migrate`,
    permissions: machinePermission('VM.Migrate'),
    parameters: { ...machine, target: optional(node) },
    handle: async call => {
      const { machines } = call.hypervisor
      const { config } = await machines.readConfig(call.vmid)
      const { status } = await machines.currentStatus(call.vmid)
      return {
        running: status === 'running' ? 1 : 0,
        local_disks: await localDisks(call, config),
        local_resources: localDevices(config),
        'mapped-resources': [],
        'mapped-resource-info': {},
        'has-dbus-vmstate': 0,
        allowed_nodes: [],
        not_allowed_nodes: {},
      }
    },
  },
  {
    // To another cluster. What cannot be is said at once; the rest is the task's.
    method: 'POST',
    path: `${path}/remote_migrate`,
    permissions: machinePermission('VM.Migrate'),
    parameters: {
      ...machine,
      'target-vmid': optional(vmid),
      'target-endpoint': string,
      'target-storage': string,
      'target-bridge': string,
      online: optional(boolean),
      delete: optional(boolean),
      bwlimit: count,
    },
    handle: async call => {
      const { hypervisor } = call
      const request = await migrateRequest(call)
      return call.task('qmigrate', call.vmid, async log => {
        if (call.flag('online') && !request.online)
          log.warn("VM isn't running. Doing offline migration instead.")
        await assertMovable(call)
        await hypervisor.machines.migrateOut(call.vmid, request, log)
      })
    },
  },
  {
    // The target's end: a config that is locked until all has come.
    method: 'POST',
    path: `${path}/mtunnel`,
    permissions: {
      check: ['and', ['perm', '/vms/{vmid}', ['VM.Allocate']], ['perm', '/', ['Sys.Incoming']]],
    },
    parameters: { ...machine, storages: optional(string), bridges: optional(string) },
    handle: async call => {
      const [storages, bridges] = [call.list('storages'), call.list('bridges')]
      for (const storage of storages) call.assertHolds(`/storage/${storage}`, ['Datastore.AllocateSpace'])
      for (const bridge of bridges) call.assertHolds(`/sdn/zones/localnetwork/${bridge}`, ['SDN.Use'], 'any')
      await assertFree(call)
      return openTunnel(call, storages, bridges)
    },
  },
]

/** Throws what PVE refuses before there is a task. */
async function migrateRequest(call: Call): Promise<MigrateRequest> {
  const { hypervisor, vmid } = call
  const { config } = await hypervisor.machines.readConfig(vmid)
  if (config.lock !== undefined) throw new Refusal(`VM is locked (${config.lock})`)
  if (isManagedByHa(hypervisor, vmid))
    refuseParameters({ vmid: 'cannot remote-migrate VM that is configured for HA' })
  const endpoint = parseEndpoint(call.text('target-endpoint'))
  if (isReplicated(hypervisor, vmid)) throw new Refusal('cannot remote-migrate replicated VM')
  const running = (await hypervisor.machines.currentStatus(vmid)).status === 'running'
  if (running && !call.flag('online')) throw new Refusal("can't migrate running VM without --online")
  const storages = parseIdMap('target-storage', call.text('target-storage'))
  const bridges = parseIdMap('target-bridge', call.text('target-bridge'))
  if (storages.identity) throw new Refusal('remote migration requires explicit storage mapping!')
  await hypervisor.remoteNode(endpoint)
  const bwlimitKBps = call.number('bwlimit')
  return {
    targetVmid: call.number('target-vmid') ?? vmid,
    online: running,
    delete: call.flag('delete'),
    storageMap: storages.map,
    bridgeMap: bridges.map,
    endpoint,
    ...(bwlimitKBps === undefined ? {} : { bwlimitKBps }),
  }
}

/** What the migration itself finds out and stops at. */
async function assertMovable(call: Call): Promise<void> {
  const { machines } = call.hypervisor
  const { config } = await machines.readConfig(call.vmid)
  const devices = localDevices(config)
  if (devices.length > 0)
    throw new Refusal(`can't migrate VM which uses local devices: ${devices.join(', ')}`)
  const snapshots = (await machines.listSnapshots(call.vmid)).filter(({ name }) => name !== 'current')
  if (snapshots.length > 0)
    throw new Refusal(
      'Problem found while scanning volumes - remote migration with snapshots not supported yet',
    )
}

/** Devices of this very node: they cannot come along. */
const localDevices = (config: Config): string[] =>
  Object.entries(config)
    .filter(([name]) => /^(usb|hostpci|serial|parallel|ivshmem)\d*$/.test(name))
    .filter(([, value]) => value !== 'socket' && !/(^|,)(host=)?spice|(^|,)mapping=/.test(value))
    .map(([name]) => name)
    .sort()

async function localDisks(call: Call, config: Config) {
  const named = Object.entries(config).flatMap(([name, value]) => {
    const volid = /^(?:file=)?([a-z][\w.-]*:[^,]+)/i.exec(value)?.[1]
    return volid && (isDrive(name) || /^unused\d+$/.test(name)) ? [{ name, value, volid }] : []
  })
  const storages = new Set(named.map(({ volid }) => volid.split(':')[0] ?? ''))
  const volumes = (
    await Promise.all([...storages].map(one => call.hypervisor.machines.storageContent(one)))
  ).flat()
  return named.map(({ name, value, volid }) => ({
    volid,
    size: volumes.find(one => one.volid === volid)?.size ?? 0,
    cdrom: splitList(value).includes('media=cdrom') ? 1 : 0,
    is_unused: name.startsWith('unused') ? 1 : 0,
  }))
}

async function assertFree({ hypervisor: { machines, node }, vmid }: Call): Promise<void> {
  if (!(await machines.listMachines()).some(one => one.vmid === vmid)) return
  const why = `VM ${vmid} already exists on node '${node}'`
  refuseParameters({ vmid: `unable to create empty VM config - ${why}` })
}

/** The task lasts as long as the tunnel; the answer comes as soon as the tunnel can be joined. */
async function openTunnel(call: Call, storages: string[], bridges: string[]) {
  const { machines, tasks } = call.hypervisor
  const opened = Promise.withResolvers<OpenTunnel>()
  const upid = call.task('qmtunnel', call.vmid, async log => {
    const tunnel = await machines.openTunnel(call.vmid, { storages, bridges }, log)
    opened.resolve(tunnel)
    await tunnel.ended
  })
  const failed = tasks.ended(upid).then(() => Promise.reject(new Refusal(tasks.store.statusOf(upid))))
  const { ticket, socket } = await Promise.race([opened.promise, failed])
  return { upid, ticket, socket }
}
