import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { until } from '../../../until.ts'
import type { Host } from '../host.ts'
import { isAlive, ownIdentity } from '../process-identity.ts'
import { Refusal } from '../refusal.ts'
import type { Config } from '../types.ts'
import { type LoadedConfig, loadConfig, storeConfig } from './files.ts'

/**
 * Holds a machine's lock file while `work` runs: the API and `qm` are two processes. What a dead process left is
 * taken over.
 */
export async function whileLocked<T>(host: Host, vmid: number, work: () => Promise<T> | T): Promise<T> {
  const directory = host.at('/var/lock/qemu-server')
  const file = `${directory}/lock-${vmid}.conf`
  mkdirSync(directory, { recursive: true })
  if (!(await until(() => take(file), { seconds: 60, everySeconds: 0.02 })))
    throw new Refusal(`can't lock file '${file}' - got timeout`)
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

let taken = 0
function take(file: string): boolean {
  // A link comes into being with its content or not at all.
  const draft = `${file}.${process.pid}.${taken++}`
  writeFileSync(draft, ownIdentity())
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!isAlive(holderOf(file))) rmSync(file, { force: true })
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

function holderOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ownIdentity() // released meanwhile: look again
  }
}

/** Reads, lets `edit` change it in place, writes. The digest is that of what stands afterwards. */
export const editConfig = (host: Host, vmid: number, edit: (config: LoadedConfig) => void): Promise<void> =>
  whileLocked(host, vmid, () => {
    const config = loadConfig(host, vmid)
    edit(config)
    storeConfig(host, vmid, config)
  })

/** `lock: backup` and the like: a machine that something long is done with. It stays after a crash, as PVE's does. */
export function refuseLocked(config: Config, skiplock = false): void {
  if (config.lock !== undefined && !skiplock) throw new Refusal(`VM is locked (${config.lock})`)
}

export const setLock = (host: Host, vmid: number, lock: string, skiplock = false): Promise<void> =>
  editConfig(host, vmid, config => {
    refuseLocked(config.current, skiplock)
    config.current.lock = lock
  })

export const clearLock = (host: Host, vmid: number): Promise<void> =>
  editConfig(host, vmid, config => {
    delete config.current.lock
  })
