import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { Config, GuestInterface, MachineStatus, Storage } from '../client/answers.ts'
import { guestOf, isSilence } from '../client/guest.ts'
import {
  agentEnabled,
  cardsOf,
  diskSizeBytes,
  disksOf,
  drivesOf,
  isCloudInit,
  parsePropertyString,
} from '../client/property-string.ts'
import { type ReadPve, readPve } from '../client/read.ts'
import { refusalOf } from '../client/refusal.ts'
import type { Disk, MachineAudit, SeenFile, SeenInterface } from '../facts.ts'
import { backupStorageOf } from '../methods/backup-restore/storage.ts'
import { missingRights, rightsFor } from '../rights.ts'
import type { MachineSide } from '../sides.ts'
import type { MachineSpec } from '../spec.ts'
import { ifKnown } from './attempt.ts'

const secondsPerDay = 86_400
/** A guest writes much while it boots: what it writes in a day is told by one that has run for a while. */
const longEnoughSeconds = 600

/** The machine as its own cluster has it. Throws Failure when the API cannot be asked. */
export async function auditSource(at: MachineSide, io: ReadIo): Promise<MachineAudit> {
  const pve = readPve(at, io)
  const { release } = await pve.version()
  const [config, storages = []] = await Promise.all([configIfThere(pve), ifKnown(io, pve.storages())])
  const disks = config === undefined ? [] : await seenDisks(config, storages, pve, io)
  const touched = {
    disks: [...new Set(disks.map(({ storage }) => storage))],
    archives: backupStorageOf(storages)?.storage,
  }
  const missing = await ifKnown(io, missingRights(pve, rightsFor(at.spec, 'source', release, touched)))
  const known = { sourceVersion: release, ...(missing ? { sourceMissingRights: missing } : {}) }
  if (config === undefined) return { ...known, ...(await elsewhere(at, pve, io)) }
  const [status, snapshots, jobs] = await Promise.all([
    ifKnown(io, pve.status()),
    ifKnown(io, pve.snapshots()),
    ifKnown(io, pve.replication()),
  ])
  return {
    ...known,
    found: true,
    ...settingsOf(config),
    ...(status ? stateOf(status) : {}),
    disks,
    ...(snapshots ? { snapshots: snapshots.map(({ name }) => name) } : {}),
    ...(jobs ? { replicated: jobs.some(({ guest }) => Number(guest) === at.vmid) } : {}),
  }
}

/** Undefined where PVE has no such machine on that node, or where the token may not see it. */
async function configIfThere(pve: ReadPve): Promise<Config | undefined> {
  try {
    return await pve.config()
  } catch (error) {
    const refusal = refusalOf(error)
    const absent = refusal?.status === 500 && /does not exist/.test(refusal.message)
    if (absent || refusal?.status === 403) return undefined
    throw error
  }
}

/** No settings: the machine is on another node, is not there, or the token may not see it. */
async function elsewhere(at: MachineSide, pve: ReadPve, io: ReadIo): Promise<MachineAudit> {
  const machines = await ifKnown(io, pve.resources('vm'))
  if (machines === undefined) return {}
  const node = machines.find(({ vmid }) => vmid === at.vmid)?.node
  return { found: node === at.node, ...(node === undefined || node === at.node ? {} : { foundOnNode: node }) }
}

/** PVE's own default processor, where a machine names none. */
const defaultCpu = 'kvm64'

function settingsOf(config: Config): MachineAudit {
  return {
    name: config.name ?? '',
    memoryMegabytes: Number(parsePropertyString(config.memory ?? '', 'current').current ?? 512),
    cpuType: parsePropertyString(config.cpu ?? '', 'cputype').cputype ?? defaultCpu,
    osType: config.ostype ?? 'other',
    agentEnabled: agentEnabled(config),
    cards: cardsOf(config).map(({ slot, model, mac, bridge, vlan }) => ({
      slot,
      model,
      mac,
      bridge,
      vlan: vlan ?? null,
    })),
    cloudInit: drivesOf(config).some(({ volume }) => isCloudInit(volume)),
    onboot: config.onboot === '1',
    protection: config.protection === '1',
    template: config.template === '1',
    lock: config.lock ?? '',
    localDevices: localDevicesOf(config),
  }
}

/** What only this hypervisor has: its hardware, its files. A mapped device may be elsewhere too. */
function localDevicesOf(config: Config): string[] {
  const hardware = Object.entries(config).filter(
    ([key, value]) =>
      /^(hostpci|usb|parallel|virtiofs)\d+$/.test(key) &&
      !/mapping=/.test(value) &&
      !/^(host=)?spice/.test(value),
  )
  const serial = Object.entries(config).filter(
    ([key, value]) => /^serial\d+$/.test(key) && value.startsWith('/dev/'),
  )
  const media = drivesOf(config).filter(
    ({ volume, options }) =>
      options.media === 'cdrom' && !['none', 'cdrom'].includes(volume) && !isCloudInit(volume),
  )
  return [...hardware.map(([key]) => key), ...serial.map(([key]) => key), ...media.map(({ slot }) => slot)]
}

function stateOf(status: MachineStatus): MachineAudit {
  const { diskwrite = 0, uptime = 0 } = status
  return {
    running: status.status === 'running',
    qmpStatus: status.qmpstatus ?? status.status,
    ha: Number(status.ha?.managed ?? 0) === 1,
    ...(uptime < longEnoughSeconds
      ? {}
      : { churnBytesPerDay: Math.round((diskwrite / uptime) * secondsPerDay) }),
  }
}

async function seenDisks(
  config: Config,
  storages: readonly Storage[],
  pve: ReadPve,
  io: ReadIo,
): Promise<Disk[]> {
  const drives = disksOf(config)
  const names = [...new Set(drives.map(({ storage }) => storage))].filter(name => name !== '')
  const lists = await Promise.all(names.map(name => ifKnown(io, pve.content(name, { content: 'images' }))))
  const volumes = lists.flatMap(list => list ?? [])
  return drives.map(({ slot, volume, storage, options }): Disk => {
    const found = volumes.find(({ volid }) => volid === volume)
    const sizeBytes = found?.size ?? diskSizeBytes(options.size) ?? 0
    return {
      slot,
      volume,
      storage,
      storageType: typeOf(storages, storage),
      format: found?.format ?? options.format ?? formatByName(volume),
      sizeBytes,
      usedBytes: found?.used !== undefined && found.used > 0 ? found.used : sizeBytes,
    }
  })
}

const typeOf = (storages: readonly Storage[], name: string): string =>
  storages.find(({ storage }) => storage === name)?.type ?? ''

const formatByName = (volume: string): string => /\.(qcow2|vmdk|raw)$/.exec(volume)?.[1] ?? 'raw'

/** Where a guest's own address usually stands, whatever the plan names. */
const usualFiles = ['/etc/hosts', '/etc/network/interfaces', '/etc/resolv.conf']

/** What the agent in the guest tells; only GETs, nothing is run there. Empty where the token may not ask it. */
export async function auditGuest(at: MachineSide, io: ReadIo): Promise<MachineAudit> {
  const guest = guestOf(at, io)
  try {
    const os = await guest.osInfo()
    const [hostName, interfaces] = await Promise.all([
      ifKnown(io, guest.hostName()),
      ifKnown(io, guest.interfaces()),
    ])
    const files: SeenFile[] = []
    for (const path of filesOf(at.spec)) files.push(await seenFile(path, guest.readFile(path), io))
    return {
      agent: true,
      guestOs: os['pretty-name'] ?? os.name ?? '',
      ...(hostName === undefined ? {} : { guestHostName: hostName }),
      ...(interfaces === undefined ? {} : { guestInterfaces: interfaces.map(seenInterface) }),
      guestFiles: files,
    }
  } catch (error) {
    if (isSilence(error)) return { agent: false }
    if (io.signal.aborted || !(error instanceof Failure)) throw error
    return {}
  }
}

const filesOf = ({ network }: MachineSpec): string[] => [
  ...new Set([...(network !== undefined && 'files' in network ? network.files : []), ...usualFiles]),
]

async function seenFile(path: string, content: Promise<string>, io: ReadIo): Promise<SeenFile> {
  const text = await ifKnown(io, content)
  return { path, addresses: text === undefined ? null : addressesIn(text) }
}

/** IPv4 addresses as whole tokens, each once, in the order found. */
export function addressesIn(text: string): string[] {
  const uncommented = text.replaceAll(/^\s*#.*$/gm, '')
  const found = uncommented.match(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g) ?? []
  return [...new Set(found)].filter(address => address.split('.').every(part => Number(part) <= 255))
}

const seenInterface = (one: GuestInterface): SeenInterface => ({
  name: one.name,
  mac: one['hardware-address'] ?? '',
  addresses: (one['ip-addresses'] ?? []).map(address => `${address['ip-address']}/${address.prefix}`),
})
