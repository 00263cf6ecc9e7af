import { mkdirSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { refuseLocked, whileLocked } from '../config/change.ts'
import { findConfig, removeConfig, storeConfig } from '../config/files.ts'
import { drivesOf, formatDrive, formatNic, formatSize, nicsOf } from '../config/properties.ts'
import { parseConfig } from '../config/text.ts'
import type { Host } from '../host.ts'
import { completeValue, machineIdentity, newMac } from '../machine/create.ts'
import { startMachine } from '../machine/start.ts'
import { runningPid } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import { runTool } from '../run-tool.ts'
import { convertImage } from '../storage/commands.ts'
import { acceptedFormat, newPlace, removeVolume, type VolumePlace } from '../storage/volumes.ts'
import type { Config, RestoreRequest, TaskLog } from '../types.ts'
import type { VmaDisk, VmaHeader } from '../vma/layout.ts'
import { type DriveInArchive, splitArchiveConfig } from './archive-config.ts'
import { archivePath, configIn, readArchive, readArchiveHeader } from './read-archive.ts'

type Target = { drive: DriveInArchive; disk: VmaDisk; place: VolumePlace; raw: string }

export async function restore(host: Host, request: RestoreRequest, log: TaskLog): Promise<void> {
  const { vmid } = request
  const path = archivePath(host, request.archive)
  const header = await readArchiveHeader(path)
  const { config: text, drives } = splitArchiveConfig(configIn(header))
  await claim(host, request)
  const draft = host.at('/var/tmp', `vzdumptmp${process.pid}_${vmid}`)
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  const targets: Target[] = []
  try {
    log.line(`restore vma archive: ${basename(path)}`)
    for (const { name, data } of header.configs) log.line(`CFG: size: ${data.length} name: ${name}`)
    for (const { id, name, sizeBytes } of header.disks)
      log.line(`DEV: dev_id=${id} size: ${sizeBytes} devname: ${name}`)
    log.line(`CTIME: ${new Date(header.createdAtSeconds * 1000).toUTCString()}`)
    for (const drive of drives) targets.push(chooseTarget(host, request, drive, header, draft, log))
    await extract(path, targets, request.bwlimit, log)
    for (const { raw, place } of targets)
      if (raw !== place.path)
        await runTool(convertImage({ path: raw, format: 'raw' }, place), { timeoutSeconds: 3600 })
    storeConfig(host, vmid, {
      current: await restoredConfig(host, request, parseConfig(text).current, targets),
      snapshots: {},
      special: {},
    })
  } catch (error) {
    for (const { place } of targets) tidy(host, place)
    removeConfig(host, vmid)
    throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  if (request.start) await startMachine(host, vmid)
}

/** The VMID becomes this restore's; with `force` what a machine of that number held goes first. */
async function claim(host: Host, { vmid, force }: RestoreRequest): Promise<void> {
  const cannot = `unable to restore VM ${vmid} -`
  await whileLocked(host, vmid, () => {
    const there = findConfig(host, vmid)
    if (there && !force) throw new Refusal(`${cannot} VM ${vmid} already exists on node '${host.node}'`)
    if (there) {
      refuseLocked(there.current)
      if (there.current.protection === '1') throw new Refusal(`${cannot} protection mode enabled`)
      if (runningPid(host, vmid) !== undefined) throw new Refusal(`${cannot} vm is running`)
      for (const { volid } of drivesOf(there.current))
        if (volid.includes(`vm-${vmid}-`)) removeVolume(host, volid)
    }
    storeConfig(host, vmid, { current: { lock: 'create' }, snapshots: {}, special: {} })
  })
}

function chooseTarget(
  host: Host,
  request: RestoreRequest,
  drive: DriveInArchive,
  header: VmaHeader,
  draft: string,
  log: TaskLog,
): Target {
  const disk = header.disks.find(({ name }) => name === drive.device)
  if (!disk) throw new Refusal(`no data in archive for '${drive.device}'`)
  const storage = request.storage ?? drive.storage
  const format = acceptedFormat(host, storage, drive.format)
  const place = newPlace(host, { storage, vmid: request.vmid, format })
  log.line(`new volume ID is '${place.volid}'`)
  log.line(`map '${drive.device}' to '${place.path}' (write zeros = 0)`)
  return { drive, disk, place, raw: format === 'raw' ? place.path : join(draft, `${drive.device}.raw`) }
}

/** Into sparse files: what the archive does not hold is a hole. */
async function extract(path: string, targets: readonly Target[], bwlimit: number | undefined, log: TaskLog) {
  const handles = new Map<number, FileHandle>()
  const startedAt = performance.now()
  let bytes = 0
  let writtenBytes = 0
  let saidPercent = 0
  const totalBytes = targets.reduce((sum, { disk }) => sum + disk.sizeBytes, 0)
  try {
    for (const { disk, raw } of targets) {
      const handle = await open(raw, 'w', 0o600)
      handles.set(disk.id, handle)
      await handle.truncate(disk.sizeBytes)
    }
    const totals = await readArchive(
      path,
      {
        header: () => {},
        data: async (disk, offset, data) => {
          await handles.get(disk.id)?.write(data, 0, data.length, offset)
          writtenBytes += data.length
          bytes = Math.max(bytes, offset + data.length)
          const percent = Math.floor((100 * bytes) / totalBytes)
          if (percent >= saidPercent + 10) {
            saidPercent = percent
            const seconds = Math.floor((performance.now() - startedAt) / 1000)
            log.line(`progress ${percent}% (read ${bytes} bytes, duration ${seconds} sec)`)
          }
          await pace(writtenBytes, startedAt, bwlimit)
        },
      },
      log.signal,
    )
    const percent = ((100 * totals.zeroBytes) / Math.max(1, totals.readBytes)).toPrecision(3)
    log.line(`total bytes read ${totals.readBytes}, sparse bytes ${totals.zeroBytes} (${percent}%)`)
    for (const handle of handles.values()) await handle.sync()
  } finally {
    for (const handle of handles.values()) await handle.close()
  }
}

async function pace(bytes: number, startedAt: number, kibibytesPerSecond: number | undefined): Promise<void> {
  if (!kibibytesPerSecond) return
  const aheadMilliseconds = bytes / (kibibytesPerSecond * 1.024) - (performance.now() - startedAt)
  if (aheadMilliseconds > 50) await sleep(aheadMilliseconds)
}

async function restoredConfig(
  host: Host,
  request: RestoreRequest,
  archived: Config,
  targets: readonly Target[],
) {
  const config: Config = { ...archived }
  for (const { key, options } of drivesOf(archived)) {
    const target = targets.find(({ drive }) => drive.key === key)
    if (target)
      config[key] = formatDrive({
        key,
        volid: target.place.volid,
        options: { ...options, size: formatSize(target.disk.sizeBytes) },
      })
    else delete config[key]
  }
  if (request.unique) {
    for (const nic of nicsOf(config)) config[nic.key] = formatNic({ ...nic, mac: newMac() })
    Object.assign(config, machineIdentity())
  }
  for (const [key, value] of Object.entries(request.override ?? {}))
    config[key] = await completeValue(host, request.vmid, key, value)
  return config
}

function tidy(host: Host, place: VolumePlace): void {
  try {
    removeVolume(host, place.volid)
  } catch {
    // never written
  }
}
