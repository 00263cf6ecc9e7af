import { existsSync, readdirSync } from 'node:fs'
import { type Nic, nicsOf } from '../config/properties.ts'
import { Refusal } from '../refusal.ts'
import { runTool } from '../run-tool.ts'
import type { Config } from '../types.ts'
import { plugTap, removeTap, tapName } from './network-commands.ts'

const interfaceExists = (name: string): boolean => existsSync(`/sys/class/net/${name}`)
const isBridge = (name: string): boolean => existsSync(`/sys/class/net/${name}/bridge`)

/** Ports of a bridge that belong to no machine. */
const uplinksOf = (bridge: string): string[] =>
  readdirSync(`/sys/class/net/${bridge}/brif`).filter(port => !/^tap\d+i\d+$/.test(port))

export async function plugNics(vmid: number, config: Config): Promise<void> {
  for (const nic of nicsOf(config)) if (nic.bridge !== undefined) await plugNic(vmid, nic, nic.bridge)
}

async function plugNic(vmid: number, nic: Nic, bridge: string): Promise<void> {
  if (!isBridge(bridge)) throw new Refusal(`bridge '${bridge}' does not exist`)
  const tap = tapName(vmid, nic)
  // A machine that was killed leaves its tap behind.
  if (interfaceExists(tap)) await runTool(removeTap(tap))
  for (const command of plugTap({ vmid, nic, bridge, uplinks: uplinksOf(bridge) })) await runTool(command)
}

export async function unplugNics(vmid: number, config: Config): Promise<void> {
  for (const nic of nicsOf(config)) {
    const tap = tapName(vmid, nic)
    if (nic.bridge !== undefined && interfaceExists(tap)) await runTool(removeTap(tap))
  }
}
