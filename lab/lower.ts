import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Failure } from '../src/model/failure.ts'
import { endProcesses, isAlive } from './hosts/processes.ts'
import { operationsRemoval } from './network/commands.ts'
import { run } from './shell.ts'
import { claimedIndex, directoryOf, readState, releaseIndex } from './state.ts'
import { markOf } from './topology.ts'

/**
 * Takes a lab down, whole or half raised, and leaves nothing of it. What is there is asked of the kernel: a crash may
 * have come between any two acts of the raising. Returns false when there was nothing.
 */
export async function lowerLab(name: string): Promise<boolean> {
  const index = claimedIndex(name)
  if (index === undefined) return false
  refuseWhileRaised(name)
  const theirs = () => namespacesLike(markOf(index))
  await endProcesses(name, theirs)
  const namespaces = theirs()
  // The cable first: a namespace is destroyed some time after its name, and the next lab may take the same index.
  await run(operationsRemoval(index), { allowFailure: true })
  await run(['ip', '-batch', '-'], { input: namespaces.map(each => `netns delete ${each}\n`).join('') })
  await removeTree(directoryOf(name))
  releaseIndex(index)
  return true
}

/** A trial that was killed may have left a file that not even root can remove before its flag is taken away. */
async function removeTree(directory: string): Promise<void> {
  await run(['chattr', '-R', '-f', '-i', '-a', directory], { allowFailure: true })
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
}

/** What another program is just making cannot be cleared away under its hands. */
function refuseWhileRaised(name: string): void {
  const state = readState(name)
  if (!state || state.ready || state.raisedBy.pid === process.pid || !isAlive(state.raisedBy)) return
  const { pid } = state.raisedBy
  throw new Failure(
    { key: 'lab.being-raised', values: { name, pid } },
    { remedy: { key: 'lab.being-raised.remedy', values: { name, pid } } },
  )
}

export function namespacesLike(mark: string): string[] {
  const directory = '/run/netns'
  return existsSync(directory) ? readdirSync(directory).filter(name => name.startsWith(mark)) : []
}
