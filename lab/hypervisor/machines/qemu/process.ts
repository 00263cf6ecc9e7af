import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { until } from '../../../until.ts'
import { whileLocked } from '../config/change.ts'
import { drivesOf } from '../config/properties.ts'
import {
  agentSocket,
  eventSocket,
  type Host,
  logDirectory,
  pidFile,
  qmpSocket,
  runDirectory,
  serialLog,
} from '../host.ts'
import { isProcess } from '../process-identity.ts'
import { Refusal } from '../refusal.ts'
import { runTool } from '../run-tool.ts'
import { existingPlace } from '../storage/volumes.ts'
import type { Config, Json } from '../types.ts'
import { startMachineArgv } from './commands.ts'
import { SocketError } from './line-socket.ts'
import { plugNics, unplugNics } from './network.ts'
import { type Qmp, QmpError, withQmp } from './qmp.ts'

/** The machine's QEMU, found by its pid file; undefined when there is none. */
export function runningPid(host: Host, vmid: number): number | undefined {
  const file = pidFile(host, vmid)
  try {
    const pid = Number(readFileSync(file, 'utf8').trim())
    return pid > 0 && isProcess(pid, file) ? pid : undefined
  } catch {
    return undefined
  }
}

export function requireRunning(host: Host, vmid: number): number {
  const pid = runningPid(host, vmid)
  if (pid === undefined) throw new Refusal(`VM ${vmid} is not running`)
  return pid
}

export type LaunchOptions = { paused?: boolean; incoming?: string }

/** Starts QEMU and returns once its sockets are there. Leaves nothing behind when it fails. */
export async function launch(
  host: Host,
  vmid: number,
  config: Config,
  options: LaunchOptions = {},
): Promise<void> {
  const images = Object.fromEntries(
    drivesOf(config).map(({ key, volid }) => [key, existingPlace(host, volid)]),
  )
  for (const directory of [runDirectory(host), logDirectory(host)]) mkdirSync(directory, { recursive: true })
  const argv = startMachineArgv({
    vmid,
    config,
    images,
    sockets: {
      qmp: qmpSocket(host, vmid),
      agent: agentSocket(host, vmid),
      events: eventSocket(host),
    },
    pidFile: pidFile(host, vmid),
    serialLog: serialLog(host, vmid),
    ...options,
  })
  try {
    await plugNics(vmid, config)
    await runTool(argv, { timeoutSeconds: 60 })
  } catch (cause) {
    await unplugNics(vmid, config)
    if (!(cause instanceof Refusal)) throw cause
    const said = /qemu-system-x86_64: (.*)$/s.exec(cause.reason)?.[1] ?? cause.reason
    throw new Refusal(`start failed: ${said}`, { cause })
  }
}

/** For one or a few commands. PVE's words when the monitor does not answer. */
export async function monitor<T>(
  host: Host,
  vmid: number,
  work: (qmp: Qmp) => Promise<T>,
  greetSeconds?: number,
): Promise<T> {
  requireRunning(host, vmid)
  try {
    return await withQmp(qmpSocket(host, vmid), work, greetSeconds)
  } catch (cause) {
    if (cause instanceof QmpError)
      throw new Refusal(`VM ${vmid} qmp command '${cause.command}' failed - ${cause.description}`, { cause })
    if (cause instanceof SocketError)
      throw new Refusal(
        `VM ${vmid} qmp command failed - unable to connect to VM ${vmid} qmp socket - ${cause.message}`,
        { cause },
      )
    throw cause
  }
}

export const monitorCommand = (
  host: Host,
  vmid: number,
  command: string,
  args?: Record<string, Json>,
  seconds?: number,
): Promise<Json> => monitor(host, vmid, qmp => qmp.execute(command, args, seconds))

export async function runState(host: Host, vmid: number, greetSeconds?: number): Promise<string> {
  const status = await monitor(host, vmid, qmp => qmp.execute('query-status'), greetSeconds)
  return (status as { status: string }).status
}

/** True when it ended in time. */
export async function waitForEnd(host: Host, vmid: number, seconds: number): Promise<boolean> {
  const isOver = () => runningPid(host, vmid) === undefined
  return (await until(isOver, { seconds, everySeconds: 0.05 })) === true
}

/** What is left of a machine whose QEMU has ended; nothing when it was started again meanwhile. */
export const cleanUp = (host: Host, vmid: number, config: Config): Promise<void> =>
  whileLocked(host, vmid, async () => {
    if (runningPid(host, vmid) !== undefined) return
    await unplugNics(vmid, config)
    for (const file of [pidFile(host, vmid), qmpSocket(host, vmid), agentSocket(host, vmid)])
      rmSync(file, { force: true })
  })
