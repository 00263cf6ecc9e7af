import { editConfig, refuseLocked } from '../config/change.ts'
import { loadConfig } from '../config/files.ts'
import { drivesOf } from '../config/properties.ts'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'
import type { Config, ConfigChange } from '../types.ts'
import { completeValue } from './create.ts'

export function readConfig(host: Host, vmid: number): { config: Config; digest: string } {
  const { current, digest } = loadConfig(host, vmid)
  return { config: current, digest }
}

/** Holds from the machine's next start on where QEMU runs already. */
export async function changeConfig(host: Host, vmid: number, change: ConfigChange): Promise<void> {
  check(host, vmid, change)
  const set: Config = {}
  for (const [key, value] of Object.entries(change.set ?? {}))
    set[key] = await completeValue(host, vmid, key, value)
  await editConfig(host, vmid, config => {
    refuseStale(config.digest, change.digest)
    refuseLocked(config.current, change.skiplock)
    for (const key of change.remove ?? []) {
      const [drive] = drivesOf({ [key]: config.current[key] ?? 'none' })
      delete config.current[key]
      if (drive) config.current[freeUnused(config.current)] = drive.volid
    }
    Object.assign(config.current, set)
  })
}

function check(host: Host, vmid: number, change: ConfigChange): void {
  const { current, digest } = loadConfig(host, vmid)
  refuseStale(digest, change.digest)
  refuseLocked(current, change.skiplock)
}

function refuseStale(digest: string, expected: string | undefined): void {
  if (expected !== undefined && expected !== digest)
    throw new Refusal('checksum mismatch (file change by other user?)')
}

function freeUnused(config: Config): string {
  for (let number = 0; ; number++) if (config[`unused${number}`] === undefined) return `unused${number}`
}
