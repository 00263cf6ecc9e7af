import { randomBytes, randomUUID } from 'node:crypto'
import { editConfig, refuseLocked, whileLocked } from '../config/change.ts'
import { findConfig, loadConfig, removeConfig, storeConfig } from '../config/files.ts'
import {
  type Drive,
  drivesOf,
  formatDrive,
  formatNic,
  formatSize,
  isDriveKey,
  parseNic,
  parseProperties,
} from '../config/properties.ts'
import type { Host } from '../host.ts'
import { runningPid } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import type { ImageFormat } from '../storage/types-of-storage.ts'
import { allocate, existingPlace, imageInfo, removeVolume } from '../storage/volumes.ts'
import type { Config, TaskLog } from '../types.ts'

/** PVE's own prefix. */
export const newMac = (): string =>
  `BC:24:11:${[...randomBytes(3)].map(byte => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')}`

/** What PVE adds to every new config. */
export const machineIdentity = (): Config => ({
  smbios1: `uuid=${randomUUID()}`,
  vmgenid: randomUUID(),
  meta: `creation-qemu=7.2.22,ctime=${Math.floor(Date.now() / 1000)}`,
})

/** Allocates `storage:<GiB>`, takes volumes that are there, gives NICs without one a MAC. */
export async function completeValue(
  host: Host,
  vmid: number,
  key: string,
  value: string,
  log?: Pick<TaskLog, 'line'>,
): Promise<string> {
  if (/^net\d+$/.test(key)) {
    const nic = parseNic(key, value)
    return formatNic({ ...nic, mac: nic.mac || newMac() })
  }
  if (!isDriveKey(key)) return value
  const { file = '', ...options } = parseProperties(value, 'file')
  if (file === 'none' || options.media === 'cdrom') return value
  return formatDrive(await completeDrive(host, vmid, { key, volid: file, options }, log))
}

async function completeDrive(
  host: Host,
  vmid: number,
  { key, volid, options }: Drive,
  log?: Pick<TaskLog, 'line'>,
): Promise<Drive> {
  const [, storage, gibibytes] = /^([A-Za-z][\w.-]*):(\d+(?:\.\d+)?)$/.exec(volid) ?? []
  if (storage !== undefined) {
    const { format, ...others } = options
    const sizeBytes = Math.ceil(Number(gibibytes) * 2 ** 20) * 1024
    const wanted = format === undefined ? {} : { format: format as ImageFormat }
    const place = await allocate(host, { storage, vmid, sizeBytes, ...wanted })
    log?.line(`${key}: successfully created disk '${place.volid},size=${formatSize(sizeBytes)}'`)
    return { key, volid: place.volid, options: { ...others, size: formatSize(sizeBytes) } }
  }
  const place = existingPlace(host, volid)
  const { virtualBytes } = await imageInfo(place.path, place.format)
  return { key, volid, options: { ...options, size: formatSize(virtualBytes) } }
}

export async function createMachine(host: Host, vmid: number, config: Config, log: TaskLog): Promise<void> {
  await whileLocked(host, vmid, () => {
    if (findConfig(host, vmid))
      throw new Refusal(`unable to create VM ${vmid} - VM ${vmid} already exists on node '${host.node}'`)
    storeConfig(host, vmid, { current: { lock: 'create' }, snapshots: {}, special: {} })
  })
  const made: string[] = []
  try {
    const complete: Config = { ...machineIdentity(), ...config }
    for (const [key, value] of Object.entries(config)) {
      complete[key] = await completeValue(host, vmid, key, value, log)
      const [drive] = drivesOf({ [key]: complete[key] })
      // Only what was made here may be removed when the rest fails.
      if (drive && !value.startsWith(drive.volid)) made.push(drive.volid)
    }
    const [first] = drivesOf(complete)
    if (first && complete.boot === undefined) complete.boot = `order=${first.key}`
    storeConfig(host, vmid, { current: complete, snapshots: {}, special: {} })
  } catch (cause) {
    for (const volid of made) removeVolume(host, volid)
    removeConfig(host, vmid)
    if (cause instanceof Refusal)
      throw new Refusal(`unable to create VM ${vmid} - ${cause.reason}`, { status: cause.status, cause })
    throw cause
  }
}

/** Refuses what PVE refuses; takes the machine's own volumes with it. */
export async function destroyMachine(
  host: Host,
  vmid: number,
  options: { skiplock?: boolean | undefined },
  log: TaskLog,
): Promise<void> {
  const { current } = loadConfig(host, vmid)
  refuseLocked(current, options.skiplock)
  if (current.protection === '1') throw new Refusal(`can't remove VM ${vmid} - protection mode enabled`)
  if (runningPid(host, vmid) !== undefined) throw new Refusal(`VM ${vmid} is running - destroy failed`)
  await editConfig(host, vmid, config => {
    config.current.lock = 'destroyed'
  })
  for (const volid of volumesOf(current)) {
    if (!ownedBy(volid, vmid)) continue
    try {
      removeVolume(host, volid)
    } catch (error) {
      log.warn(
        `Could not remove disk '${volid}', check manually: ${error instanceof Error ? error.message : error}`,
      )
    }
  }
  removeConfig(host, vmid)
}

const volumesOf = (config: Config): string[] => [
  ...drivesOf(config).map(({ volid }) => volid),
  ...Object.entries(config).flatMap(([key, value]) => (/^unused\d+$/.test(key) ? [value] : [])),
]
const ownedBy = (volid: string, vmid: number): boolean => new RegExp(`[:/](vm|base)-${vmid}-`).test(volid)
