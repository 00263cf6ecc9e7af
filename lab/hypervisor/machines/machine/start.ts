import { refuseLocked, whileLocked } from '../config/change.ts'
import { loadConfig } from '../config/files.ts'
import type { Host } from '../host.ts'
import { type LaunchOptions, launch, monitorCommand, runningPid } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import type { Config } from '../types.ts'

/** Starts a machine that is off. */
export async function startMachine(
  host: Host,
  vmid: number,
  options: LaunchOptions & { skiplock?: boolean | undefined } = {},
): Promise<Config> {
  const { current } = loadConfig(host, vmid)
  refuseLocked(current, options.skiplock)
  if (current.template === '1') throw new Refusal("you can't start a vm if it's a template")
  await whileLocked(host, vmid, async () => {
    if (runningPid(host, vmid) !== undefined) throw new Refusal(`VM ${vmid} already running`)
    await launch(host, vmid, current, options)
  })
  return current
}

/** Stops the guest's CPU where it is, or lets it go on. */
export async function setRunning(
  host: Host,
  vmid: number,
  command: 'stop' | 'cont',
  options: { skiplock?: boolean | undefined },
): Promise<void> {
  refuseLocked(loadConfig(host, vmid).current, options.skiplock)
  await monitorCommand(host, vmid, command)
}
