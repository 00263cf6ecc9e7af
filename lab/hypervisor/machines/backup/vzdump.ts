import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clearLock, setLock } from '../config/change.ts'
import { loadConfig } from '../config/files.ts'
import { drivesOf, formatSize } from '../config/properties.ts'
import type { Host } from '../host.ts'
import { nodeOf } from '../qemu/commands.ts'
import { runningPid } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import { findStorage } from '../storage/configuration.ts'
import { typeOf } from '../storage/types-of-storage.ts'
import { existingPlace, imageInfo } from '../storage/volumes.ts'
import type { BackupRequest, Config, TaskLog } from '../types.ts'
import { configName, formatArchiveConfig } from './archive-config.ts'
import { copyRunning, type DiskCopy } from './copy-running.ts'
import { type BackupLog, openBackupLog } from './log-file.ts'
import { formatBytes, formatDuration, formatMoment, formatProgress, momentInName } from './words.ts'
import { suffixOf, writeArchive } from './write-archive.ts'

/**
 * One machine's backup, into PVE's archive format. QEMU as Debian ships it does not write archives itself, as PVE's
 * does: the disks' state of one instant is copied beside the archive first, then packed.
 */
export async function vzdump(host: Host, request: BackupRequest, log: TaskLog): Promise<{ volid: string }> {
  const { vmid, compress } = request
  const storage = findStorage(host, request.storage)
  if (!storage.content.includes('backup'))
    throw new Refusal(`can't use storage '${storage.name}' for backups - wrong content type`)
  const begunAt = new Date()
  const directory = host.at(typeOf(storage).base(storage), 'dump')
  mkdirSync(directory, { recursive: true })
  const name = `vzdump-qemu-${vmid}-${momentInName(begunAt)}`
  const archive = `${name}.vma${suffixOf[compress]}`
  if (existsSync(join(directory, archive))) throw new Refusal(`archive '${archive}' exists already`)
  const out = openBackupLog(join(directory, `${name}.log`), log)
  const draft = join(directory, `${name}.tmp`)
  log.line(`INFO: starting new backup job: ${jobLine(host, request)}`)
  try {
    await backUp(host, request, { archive: join(directory, archive), draft, begunAt }, out, log)
    out.info(`Finished Backup of VM ${vmid} (${formatDuration((Date.now() - begunAt.getTime()) / 1000)})`)
    log.line(`INFO: Backup finished at ${formatMoment(new Date())}`)
  } catch (error) {
    rmSync(join(directory, archive), { force: true })
    out.error(`Backup of VM ${vmid} failed - ${error instanceof Error ? error.message : error}`)
    log.line(`INFO: Failed at ${formatMoment(new Date())}`)
    log.line('INFO: Backup job finished with errors')
    throw new Refusal('job errors', { cause: error })
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  log.line('INFO: Backup job finished successfully')
  return { volid: `${storage.name}:backup/${archive}` }
}

const jobLine = (host: Host, { vmid, storage, mode, compress }: BackupRequest): string =>
  `vzdump ${vmid} --storage ${storage} --mode ${mode} --compress ${compress} --node ${host.node}`

type Places = { archive: string; draft: string; begunAt: Date }

async function backUp(host: Host, request: BackupRequest, places: Places, out: BackupLog, log: TaskLog) {
  const { vmid } = request
  out.info(`Starting Backup of VM ${vmid} (qemu)`)
  log.line(`INFO: Backup started at ${formatMoment(places.begunAt)}`)
  await setLock(host, vmid, 'backup')
  try {
    const running = runningPid(host, vmid) !== undefined
    const { current, snapshots } = loadConfig(host, vmid)
    out.info(`status = ${running ? 'running' : 'stopped'}`)
    out.info(`VM Name: ${current.name ?? `VM ${vmid}`}`)
    const disks = await disksOf(host, current, places.draft, out)
    const mode = running ? request.mode : 'stop'
    out.info(`backup mode: ${mode}`)
    out.info('ionice priority: 7')
    if (Object.keys(snapshots).length > 0) out.info('snapshots found (not included into backup)')
    out.info(`creating vzdump archive '${places.archive}'`)
    const partial = `${places.archive.replace(/\.vma.*$/, '.vma')}.dat`
    try {
      await copyRunning(host, vmid, { config: current, disks, mode, running }, out, log.signal)
      await pack(partial, request, current, disks, places, out, log.signal)
      renameSync(partial, places.archive)
    } finally {
      rmSync(partial, { force: true })
    }
    out.info(
      `archive file size: ${formatBytes(statSync(places.archive).size).replace(' ', '').replace('iB', 'B')}`,
    )
    annotate(host, request, current, places.archive, out)
  } finally {
    await clearLock(host, vmid)
  }
}

async function disksOf(host: Host, config: Config, draft: string, out: BackupLog): Promise<DiskCopy[]> {
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  const disks: DiskCopy[] = []
  for (const { key, volid, options } of drivesOf(config)) {
    if (options.backup === '0') {
      out.info(`exclude disk '${key}' '${volid}' (backup=no)`)
      continue
    }
    const place = existingPlace(host, volid)
    const { virtualBytes } = await imageInfo(place.path, place.format)
    out.info(`include disk '${key}' '${volid}' ${formatSize(virtualBytes)}`)
    const path = join(draft, `${nodeOf(key)}.raw`)
    writeFileSync(path, '', { mode: 0o600 })
    truncateSync(path, virtualBytes)
    disks.push({ key, path, sizeBytes: virtualBytes, format: place.format })
  }
  return disks
}

async function pack(
  path: string,
  request: BackupRequest,
  config: Config,
  disks: readonly DiskCopy[],
  { begunAt }: Places,
  out: BackupLog,
  signal: AbortSignal,
): Promise<void> {
  const formats = Object.fromEntries(disks.map(({ key, format }) => [key, format]))
  const startedAt = performance.now()
  let saidPercent = 0
  let last = { readBytes: 0, totalBytes: 0, zeroBytes: 0 }
  const seconds = () => (performance.now() - startedAt) / 1000
  await writeArchive(
    path,
    {
      uuid: randomBytes(16),
      createdAtSeconds: Math.floor(begunAt.getTime() / 1000),
      configs: [{ name: configName, data: Buffer.from(formatArchiveConfig(config, formats)) }],
      disks: disks.map((disk, index) => ({ ...disk, id: index + 1, name: nodeOf(disk.key) })),
    },
    request.compress,
    {
      signal,
      onProgress: progress => {
        last = { ...progress }
        const percent = Math.floor((100 * progress.readBytes) / progress.totalBytes)
        if (percent < saidPercent + 20 && percent < 100) return
        if (percent === saidPercent) return
        saidPercent = percent
        const took = Math.max(seconds(), 0.001)
        out.info(
          formatProgress({
            doneBytes: progress.readBytes,
            totalBytes: progress.totalBytes,
            seconds: took,
            readPerSecond: progress.readBytes / took,
            writePerSecond: (progress.readBytes - progress.zeroBytes) / took,
          }),
        )
      },
    },
  )
  const zeroPercent = Math.floor((100 * last.zeroBytes) / Math.max(1, last.totalBytes))
  out.info(`backup is sparse: ${formatBytes(last.zeroBytes)} (${zeroPercent}%) total zero data`)
  const took = Math.round(seconds())
  const amount = formatBytes(last.readBytes)
  const rate = formatBytes(last.readBytes / Math.max(1, took), 1)
  out.info(`transferred ${amount} in ${took > 0 ? `${took} seconds (${rate}/s)` : '<1 seconds'}`)
}

/** What an administrator wants to see beside the archive. */
function annotate(host: Host, request: BackupRequest, config: Config, archive: string, out: BackupLog): void {
  if (request.notesTemplate !== undefined) {
    out.info('adding notes to backup')
    const values: Record<string, string> = {
      guestname: config.name ?? '',
      vmid: String(request.vmid),
      node: host.node,
      cluster: 'standalone node',
    }
    const notes = request.notesTemplate
      .replaceAll('\\n', '\n')
      .replace(/\{\{(\w+)\}\}/g, (whole, key: string) => values[key] ?? whole)
    writeFileSync(`${archive}.notes`, notes)
  }
  if (request.protected) {
    out.info('marking backup as protected')
    writeFileSync(`${archive}.protected`, '')
  }
}
