import { setTimeout as sleep } from 'node:timers/promises'
import type { Host } from '../host.ts'
import { agentCommand } from '../machine/agent.ts'
import { startMachine } from '../machine/start.ts'
import { agentAnswers, shutdownMachine, stopMachine } from '../machine/stop.ts'
import { agentEnabled } from '../qemu/commands.ts'
import { monitorCommand, runState } from '../qemu/process.ts'
import type { BackupRequest, Config } from '../types.ts'
import { beginCopies, endCopies, finishCopies } from './copy-disks.ts'
import type { BackupLog } from './log-file.ts'
import { formatProgress } from './words.ts'

export type DiskCopy = { key: string; path: string; sizeBytes: number; format: string }
type Source = { config: Config; disks: readonly DiskCopy[]; mode: BackupRequest['mode']; running: boolean }

/**
 * Copies the disks as they are at one instant. A machine that is off gets a QEMU with its CPU stopped, for as long
 * as the copy takes; with `mode: stop` a running one is shut down, and runs on as soon as the copy has begun.
 */
export async function copyRunning(
  host: Host,
  vmid: number,
  source: Source,
  out: BackupLog,
  signal: AbortSignal,
): Promise<void> {
  const { config, disks, mode, running } = source
  if (disks.length === 0) return out.info('backup contains no disks')
  const taskLog = { line: out.info, warn: out.info, signal }
  const wasPaused = running && mode !== 'stop' && (await runState(host, vmid)) !== 'running'
  if (running && mode === 'stop') {
    out.info('stopping virtual guest')
    await shutdownMachine(host, vmid, { timeoutSeconds: 600, skiplock: true }, taskLog)
  }
  const startedHere = !running || mode === 'stop'
  if (startedHere) {
    out.info('starting kvm to execute backup task')
    await startMachine(host, vmid, { paused: true, skiplock: true })
  }
  const suspended = running && mode === 'suspend' && !wasPaused
  let resumed = !running || wasPaused
  const resume = async () => {
    if (resumed) return
    resumed = true
    out.info('resuming VM again')
    await monitorCommand(host, vmid, 'cont')
  }
  if (suspended) {
    out.info('suspending guest')
    await monitorCommand(host, vmid, 'stop')
  } else if (!startedHere) resumed = true
  try {
    const freeze = !startedHere && !suspended && agentEnabled(config)
    await beginCopies(host, vmid, disks, begin => whileFrozen(host, vmid, freeze, begin, out))
    out.info(`started backup task '${crypto.randomUUID()}'`)
    await resume()
    await follow(host, vmid, disks, out, signal)
  } catch (error) {
    await endCopies(host, vmid, disks).catch(() => {})
    throw error
  } finally {
    await resume()
    if (!running) await stopAfterwards(host, vmid, out, taskLog)
  }
}

/** A guest that was started by somebody while its backup ran is kept. */
async function stopAfterwards(
  host: Host,
  vmid: number,
  out: BackupLog,
  log: Parameters<typeof stopMachine>[3],
) {
  const state = await runState(host, vmid)
  if (state !== 'prelaunch') return out.info(`kvm status changed after backup ('${state}') - keep VM running`)
  out.info('stopping kvm after backup task')
  await stopMachine(host, vmid, { skiplock: true }, log)
}

async function whileFrozen(
  host: Host,
  vmid: number,
  freeze: boolean,
  begin: () => Promise<void>,
  out: BackupLog,
): Promise<void> {
  if (!freeze) return await begin()
  if (!(await agentAnswers(host, vmid))) {
    out.info("skipping guest-agent 'fs-freeze', agent configured but not running?")
    return await begin()
  }
  out.info("issuing guest-agent 'fs-freeze' command")
  await said(out, () => agentCommand(host, vmid, 'fsfreeze-freeze'))
  try {
    await begin()
  } finally {
    out.info("issuing guest-agent 'fs-thaw' command")
    await thaw(host, vmid, out)
  }
}

/** A guest left frozen hangs: asked more than once. */
async function thaw(host: Host, vmid: number, out: BackupLog): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await agentCommand(host, vmid, 'fsfreeze-thaw')
      return
    } catch (error) {
      out.error(error instanceof Error ? error.message : String(error))
      if (attempt === 3) return
      await sleep(1000)
    }
  }
}

/** As PVE: a guest that cannot be frozen is backed up all the same, and the log says so. */
async function said(out: BackupLog, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    out.error(error instanceof Error ? error.message : String(error))
  }
}

async function follow(
  host: Host,
  vmid: number,
  disks: readonly DiskCopy[],
  out: BackupLog,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now()
  let saidAt = 0
  await finishCopies(host, vmid, disks, signal, (doneBytes, totalBytes) => {
    const seconds = (performance.now() - startedAt) / 1000
    if (seconds < saidAt + 3) return
    saidAt = seconds
    const rate = doneBytes / seconds
    out.info(
      `copy: ${formatProgress({ doneBytes, totalBytes, seconds, readPerSecond: rate, writePerSecond: rate })}`,
    )
  })
}
