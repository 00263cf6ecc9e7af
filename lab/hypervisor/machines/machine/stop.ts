import { setTimeout as sleep } from 'node:timers/promises'
import { refuseLocked } from '../config/change.ts'
import { loadConfig } from '../config/files.ts'
import { agentSocket, type Host } from '../host.ts'
import { agentEnabled } from '../qemu/commands.ts'
import { askAgent } from '../qemu/guest-agent.ts'
import { cleanUp, monitorCommand, runningPid, runState, waitForEnd } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import type { Config, TaskLog } from '../types.ts'

export type StopOptions = {
  timeoutSeconds?: number | undefined
  forceStop?: boolean | undefined
  skiplock?: boolean | undefined
}

/** Asks the guest: by its agent when that answers, else by ACPI. A machine that is off is no error. */
export async function shutdownMachine(host: Host, vmid: number, options: StopOptions, log: TaskLog) {
  const { current } = loadConfig(host, vmid)
  refuseLocked(current, options.skiplock)
  const pid = runningPid(host, vmid)
  if (pid === undefined) return
  const asked = await tolerate(() => askGuest(host, vmid, current))
  if (asked) {
    if (await guestEnds(host, vmid, options.timeoutSeconds ?? 60, log.signal))
      return cleanUp(host, vmid, current)
    if (!options.forceStop) throw new Refusal('VM quit/powerdown failed - got timeout')
    log.warn('VM still running - terminating now with SIGTERM')
  } else {
    if (runningPid(host, vmid) === undefined) return cleanUp(host, vmid, current)
    if (!options.forceStop) throw new Refusal('VM quit/powerdown failed')
    log.warn('VM quit/powerdown failed - terminating now with SIGTERM')
  }
  await terminate(host, vmid, pid, log)
  await cleanUp(host, vmid, current)
}

/** The plug pulled: the guest is not asked. QEMU itself ends in order, and its images with it. */
export async function stopMachine(host: Host, vmid: number, options: StopOptions, log: TaskLog) {
  const { current } = loadConfig(host, vmid)
  refuseLocked(current, options.skiplock)
  const pid = runningPid(host, vmid)
  if (pid === undefined) return
  const asked = await tolerate(() => monitorCommand(host, vmid, 'quit'))
  // QEMU may be gone before it has answered.
  if (!(await waitForEnd(host, vmid, asked ? (options.timeoutSeconds ?? 60) : 1))) {
    log.warn('VM quit/powerdown failed - terminating now with SIGTERM')
    await terminate(host, vmid, pid, log)
  }
  await cleanUp(host, vmid, current)
}

async function askGuest(host: Host, vmid: number, config: Config): Promise<void> {
  if (agentEnabled(config) && (await agentAnswers(host, vmid)))
    await askAgent(agentSocket(host, vmid), 'guest-shutdown')
  else await monitorCommand(host, vmid, 'system_powerdown')
}

export const agentAnswers = (host: Host, vmid: number): Promise<boolean> =>
  tolerate(() => askAgent(agentSocket(host, vmid), 'guest-ping'))

/**
 * Under -no-shutdown a guest that is down leaves its QEMU there: what plays qmeventd quits it. Where nothing does,
 * it is quit here.
 */
async function guestEnds(host: Host, vmid: number, seconds: number, signal: AbortSignal): Promise<boolean> {
  const giveUpAt = performance.now() + seconds * 1000
  while (runningPid(host, vmid) !== undefined) {
    if (signal.aborted) throw new Refusal('interrupted by signal')
    if (performance.now() > giveUpAt) return false
    if (await waitForEnd(host, vmid, Math.min(1, seconds))) return true
    await tolerate(() => quitWhenDown(host, vmid))
  }
  return true
}

/** A job that still reads the disks of a guest that is down (a backup) is let to its end. */
async function quitWhenDown(host: Host, vmid: number): Promise<void> {
  if ((await runState(host, vmid, 1)) !== 'shutdown') return
  const jobs = (await monitorCommand(host, vmid, 'query-block-jobs')) as unknown[]
  if (jobs.length === 0) await monitorCommand(host, vmid, 'quit')
}

/** SIGTERM lets QEMU close its images; SIGKILL leaves their bitmaps inconsistent. */
async function terminate(host: Host, vmid: number, pid: number, log: TaskLog): Promise<void> {
  signalProcess(pid, 'SIGTERM')
  if (await waitForEnd(host, vmid, 10)) return
  log.warn('VM still running - terminating now with SIGKILL')
  signalProcess(pid, 'SIGKILL')
  while (runningPid(host, vmid) === pid) await sleep(50)
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function tolerate(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch {
    return false
  }
}
