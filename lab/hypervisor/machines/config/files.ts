import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { configFile, type Host } from '../host.ts'
import { Refusal } from '../refusal.ts'
import { type ConfigText, digestOf, formatConfig, parseConfig } from './text.ts'

export type LoadedConfig = ConfigText & { digest: string }

export function loadConfig(host: Host, vmid: number): LoadedConfig {
  const found = findConfig(host, vmid)
  if (found) return found
  throw new Refusal(`Configuration file 'nodes/${host.node}/qemu-server/${vmid}.conf' does not exist`)
}

export function findConfig(host: Host, vmid: number): LoadedConfig | undefined {
  try {
    const text = readFileSync(configFile(host, vmid), 'utf8')
    return { ...parseConfig(text), digest: digestOf(text) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Atomic: a reader sees the old or the new file, never a part. */
export function storeConfig(host: Host, vmid: number, config: ConfigText): void {
  const file = configFile(host, vmid)
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.tmp.${process.pid}`
  writeFileSync(draft, formatConfig(config), { mode: 0o640 })
  renameSync(draft, file)
}

export const removeConfig = (host: Host, vmid: number): void =>
  rmSync(configFile(host, vmid), { force: true })

export function machineIds(host: Host): number[] {
  try {
    return readdirSync(host.at('/etc/pve/qemu-server'))
      .flatMap(file => /^([1-9]\d{2,8})\.conf$/.exec(file)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
