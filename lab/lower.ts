import { existsSync, readdirSync, rmSync } from 'node:fs'
import { endProcesses } from './hosts/processes.ts'
import { operationsRemoval } from './network/commands.ts'
import { run } from './shell.ts'
import { claimedIndex, directoryOf, releaseIndex } from './state.ts'
import { markOf } from './topology.ts'

/**
 * Takes a lab down, whole or half raised, and leaves nothing of it. What is there is asked of the kernel: a crash may
 * have come between any two acts of the raising. Returns false when there was nothing.
 */
export async function lowerLab(name: string): Promise<boolean> {
  const index = claimedIndex(name)
  if (index === undefined) return false
  const namespaces = namespacesLike(markOf(index))
  await endProcesses(namespaces)
  // The cable first: a namespace is destroyed some time after its name, and the next lab may take the same index.
  await run(operationsRemoval(index), { allowFailure: true })
  await run(['ip', '-batch', '-'], { input: namespaces.map(each => `netns delete ${each}\n`).join('') })
  rmSync(directoryOf(name), { recursive: true, force: true })
  releaseIndex(index)
  return true
}

export function namespacesLike(mark: string): string[] {
  const directory = '/run/netns'
  return existsSync(directory) ? readdirSync(directory).filter(name => name.startsWith(mark)) : []
}
