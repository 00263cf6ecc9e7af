import { chmodSync, mkdirSync } from 'node:fs'
import { Failure } from '../src/model/failure.ts'
import { writeSshKeys } from './hosts/sshd.ts'
import { startHost } from './hosts/start.ts'
import { writeTree } from './hosts/tree.ts'
import { lowerLab } from './lower.ts'
import { raiseNetwork } from './network/raise.ts'
import { describeLab } from './open.ts'
import { secretsOf, treeOf } from './paths.ts'
import { claimIndex, directoryOf, type LabState, writeState } from './state.ts'
import { together } from './together.ts'
import { allParts, type HostPlan, hostsOf } from './topology.ts'
import type { Lab, LabOptions } from './types.ts'

/**
 * Raises the two sites. Needs root. When it fails half way it takes down what it made; when it is killed half way,
 * `lowerLab` does.
 */
export async function raiseLab(options: LabOptions): Promise<Lab> {
  if (process.getuid?.() !== 0) {
    throw new Failure(
      { key: 'lab.needs-root' },
      { remedy: { key: 'lab.needs-root.remedy', values: { command: process.argv.join(' ') } } },
    )
  }
  const index = claimIndex(options.name)
  try {
    return await raiseClaimed(options, index)
  } catch (error) {
    await lowerLab(options.name)
    throw error
  }
}

async function raiseClaimed(options: LabOptions, index: number): Promise<Lab> {
  const state: LabState = {
    name: options.name,
    index,
    parts: [...(options.parts ?? allParts)],
    linkMbps: options.linkMbps,
    initialTtlSeconds: options.initialTtlSeconds ?? 300,
    ready: false,
  }
  const hosts = hostsOf(index, state.parts)
  makeDirectories(options.name)
  writeState(state)

  options.onProgress?.({ key: 'lab.progress.network', values: { mbps: options.linkMbps } })
  await together([raiseNetwork(index, hosts, options.linkMbps), prepareHosts(options.name, hosts)])
  options.onProgress?.({ key: 'lab.progress.hosts', values: { count: hosts.length } })
  await together(hosts.map(host => startHost(options.name, host, options.smallDisks?.[host.name] ?? {})))

  writeState({ ...state, ready: true })
  options.onProgress?.({ key: 'lab.progress.ready', values: { name: options.name } })
  return describeLab(state)
}

function makeDirectories(name: string): void {
  mkdirSync(directoryOf(name), { mode: 0o700 })
  chmodSync(directoryOf(name), 0o700)
  mkdirSync(secretsOf(name), { mode: 0o700 })
}

async function prepareHosts(name: string, hosts: HostPlan[]): Promise<void> {
  await together(hosts.map(host => writeTree(treeOf(name, host.name), host, hosts)))
  await writeSshKeys(name, hosts)
}
