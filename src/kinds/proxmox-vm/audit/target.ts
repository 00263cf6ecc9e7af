import type { ReadIo } from '../../../model/io.ts'
import type { Bridge, Storage } from '../client/answers.ts'
import { type ReadPve, readPve } from '../client/read.ts'
import { refusalOf } from '../client/refusal.ts'
import type { MachineAudit, SeenBridge, SeenStorage, VmidHolder } from '../facts.ts'
import { backupStorageOf } from '../methods/backup-restore/storage.ts'
import { markOf } from '../methods/seed-and-delta/define.ts'
import { rightsFor } from '../rights.ts'
import type { MachineSide } from '../sides.ts'
import { ifKnown } from './attempt.ts'
import { missingRights } from './rights.ts'

/** The cluster that is to hold the machine. Throws Failure when the API cannot be asked. */
export async function auditTarget(at: MachineSide, io: ReadIo): Promise<MachineAudit> {
  const pve = readPve(at, io)
  const { release } = await pve.version()
  const storages = await pve.storages()
  const bridges = await ifKnown(io, pve.bridges())
  const vnets = bridges?.filter(({ type }) => type === 'vnet').map(({ iface }) => iface) ?? []
  const touched = { disks: [], archives: backupStorageOf(storages)?.storage, vnets }
  const [nodes, models, holder, missing] = await Promise.all([
    ifKnown(io, pve.nodes()),
    ifKnown(io, pve.cpuModels()),
    ifKnown(io, holderOf(at, pve)),
    ifKnown(io, missingRights(pve, rightsFor(at.spec, 'target', release, touched))),
  ])
  const own = storages.find(({ storage }) => storage === at.spec.target.storage)
  return {
    targetVersion: release,
    ...(nodes ? { targetNodeStatus: nodes.find(({ node }) => node === at.node)?.status ?? 'missing' } : {}),
    targetStorages: storages.map(seenStorage),
    ...(own
      ? {
          targetStorageType: own.type,
          targetFormats: own.formats?.supported ?? [],
          targetFreeBytes: own.avail ?? 0,
        }
      : {}),
    ...(bridges ? { targetBridges: bridges.map(seenBridge) } : {}),
    ...(models ? { targetCpuModels: models.map(({ name }) => name) } : {}),
    ...(holder ? { targetVmidHolder: holder } : {}),
    ...(missing ? { targetMissingRights: missing } : {}),
  }
}

const seenStorage = (storage: Storage): SeenStorage => ({
  storage: storage.storage,
  type: storage.type,
  content: storage.content.split(',').map(one => one.trim()),
  formats: storage.formats?.supported ?? [],
  freeBytes: storage.avail ?? 0,
  active: Number(storage.active ?? 1) === 1 && Number(storage.enabled ?? 1) === 1,
})

/** A network of PVE's own SDN has no state of its own. */
const seenBridge = ({ iface, type, active, bridge_vlan_aware, bridge_ports }: Bridge): SeenBridge => ({
  name: iface,
  active: type === 'vnet' || Number(active ?? 0) === 1,
  vlanAware: Number(bridge_vlan_aware ?? 0) === 1,
  ports: bridge_ports ?? '',
})

/** Undefined when the number is free. A machine that the token may not see is told by PVE's refusal of its number. */
async function holderOf(at: MachineSide, pve: ReadPve): Promise<VmidHolder | undefined> {
  const holder = (await pve.resources('vm')).find(({ vmid }) => vmid === at.vmid)
  if (holder) {
    const { name = '', node = '' } = holder
    const config = node === at.node ? await pve.config() : {}
    return { name, node, ours: config.description?.startsWith(markOf(at.component)) === true }
  }
  try {
    await pve.nextId(at.vmid)
    return undefined
  } catch (error) {
    if (refusalOf(error)?.status !== 400) throw error
    return { name: '', node: '', ours: false }
  }
}
