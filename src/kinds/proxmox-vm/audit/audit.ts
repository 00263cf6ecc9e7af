import { dirname } from 'node:path/posix'
import type { ReadIo } from '../../../model/io.ts'
import type { Bridge, Storage } from '../client/answers.ts'
import { type ReadPve, readPve } from '../client/read.ts'
import { refusalOf } from '../client/refusal.ts'
import type { AboutMachine, MachineAudit, SeenBitmap, SeenBridge, SeenStorage, VmidHolder } from '../facts.ts'
import { askQmp, qmpAnswers } from '../machine/qmp.ts'
import { backupStorageOf } from '../methods/backup-restore/storage.ts'
import { parseNodes, queryNodes } from '../methods/seed-and-delta/bitmaps.ts'
import { markOf } from '../methods/seed-and-delta/define.ts'
import { machineSocket, ours } from '../methods/seed-and-delta/names.ts'
import { missingRights, rightsFor } from '../rights.ts'
import { endsOf, type MachineSide } from '../sides.ts'
import { shellArgv } from '../transfer/commands.ts'
import { attempt, ifKnown } from './attempt.ts'
import { auditGuest, auditSource } from './source.ts'

/**
 * Reads both clusters by their API, both hypervisors by ssh, and the guest by its agent; writes nothing. What cannot be
 * reached becomes a fact too, so that one closed door does not hide what is behind the others. Throws Failure when a secret
 * cannot be read or the plan's hosts are unknown.
 */
export async function audit(about: AboutMachine, io: ReadIo): Promise<MachineAudit> {
  const { source, target } = endsOf(about)
  for (const { api } of [source, target]) await io.secret(api.secret)
  const [atSource, atTarget, hosts] = await Promise.all([
    attempt(io, auditSource(source, io)),
    attempt(io, auditTarget(target, io)),
    auditHosts(source, target, io),
  ])
  const found: MachineAudit = { ...hosts }
  if ('failure' in atSource) found.sourceApiFailure = atSource.failure
  else Object.assign(found, atSource.value)
  if ('failure' in atTarget) found.targetApiFailure = atTarget.failure
  else Object.assign(found, atTarget.value)
  if (found.running === false) found.agent = false
  else if (found.running) Object.assign(found, await auditGuest(source, io))
  return found
}

/** The cluster that is to hold the machine. Throws Failure when the API cannot be asked. */
async function auditTarget(at: MachineSide, io: ReadIo): Promise<MachineAudit> {
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

const tools = ['rsync', 'qemu-img', 'qemu-storage-daemon', 'socat']

/** Both hypervisors by ssh: tools, room for what travels, whether each reaches the other, the running QEMU's own socket. */
async function auditHosts(source: MachineSide, target: MachineSide, io: ReadIo): Promise<MachineAudit> {
  const [atSource, atTarget] = await Promise.all([
    attempt(io, auditHost(source, target, io)),
    attempt(io, auditHost(target, source, io)),
  ])
  const found: MachineAudit = {}
  if ('failure' in atSource) found.sourceSshFailure = atSource.failure
  else {
    if (atSource.value.freeBytes !== undefined) found.sourceStagingFreeBytes = atSource.value.freeBytes
    Object.assign(found, await auditQmp(source, io))
  }
  if ('failure' in atTarget) found.targetSshFailure = atTarget.failure
  else if (atTarget.value.freeBytes !== undefined) found.targetStagingFreeBytes = atTarget.value.freeBytes
  if ('value' in atSource && 'value' in atTarget) {
    found.zfs = atSource.value.zfs && atTarget.value.zfs
    found.missingTools = [...atSource.value.missing, ...atTarget.value.missing]
    found.sshBetween = atSource.value.reachesOther && atTarget.value.reachesOther
  }
  return found
}

async function auditHost(at: MachineSide, other: MachineSide, io: ReadIo) {
  const here = await io.read(at.host.ssh, which(tools), { allowFailure: true })
  const there = new Set(here.stdout.split('\n').map(line => line.split('/').at(-1)))
  const [login, df, zfs] = await Promise.all([
    io.read(at.host.ssh, loginTo(other.host.address), { allowFailure: true, timeoutSeconds: 30 }),
    io.read(at.host.ssh, dfOf(at.staging), { allowFailure: true }),
    io.read(at.host.ssh, datasets, { allowFailure: true }),
  ])
  return {
    missing: tools.filter(tool => !there.has(tool)).map(tool => `${at.host.ssh}: ${tool}`),
    reachesOther: login.exitCode === 0,
    zfs: zfs.exitCode === 0,
    freeBytes: freeBytesOf(df.stdout),
  }
}

/** The staging folder may not be there yet: the first line is that of the deepest folder that is. */
function freeBytesOf(df: string): number | undefined {
  const figure = df.split('\n').find(line => /^\s*\d+\s*$/.test(line))
  return figure === undefined ? undefined : Number(figure)
}

async function auditQmp(at: MachineSide, io: ReadIo): Promise<MachineAudit> {
  const socket = { ssh: at.host.ssh, path: machineSocket(at) }
  const qmp = (await ifKnown(io, qmpAnswers(io, socket))) ?? false
  const answers = qmp ? await ifKnown(io, askQmp(io.read, socket, [queryNodes])) : undefined
  const nodes = answers?.[0] === undefined ? undefined : parseNodes(answers[0])
  return { qmp, ...(nodes ? { bitmaps: nodes.flatMap(bitmapsOf) } : {}) }
}

const bitmapsOf = ({ name: node, bitmaps }: ReturnType<typeof parseNodes>[number]): SeenBitmap[] =>
  bitmaps.filter(({ name }) => name.startsWith(ours)).map(bitmap => ({ node, ...bitmap }))

/** Prints where each is that is installed; ends with 1 when one is not. */
const which = (programs: readonly string[]): string[] => ['which', '--', ...programs]

/** Whether one hypervisor may log in at the other without being asked anything, as the copies do. */
const loginTo = (address: string): string[] => [...shellArgv, '--', address, 'true']

/** Free bytes of the deepest of a folder and those above it that is there: its line comes first. */
const dfOf = (folder: string): string[] => {
  const above: string[] = []
  for (let path = folder; ; path = dirname(path)) {
    above.push(path)
    if (dirname(path) === path) break
  }
  return ['df', '--output=avail', '-B1', '--', ...above]
}

/** The names of the pools. Fails where there is no ZFS, or where it is not for this user. */
const datasets: readonly string[] = ['zfs', 'list', '-H', '-o', 'name', '-d', '0']
