import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../src/model/failure.ts'
import { raisingVariable } from '../shell.ts'

export type NamespaceProcess = { pid: number; namespace: string; isInit: boolean }

/** `startedAt` is in the kernel's ticks since boot: a pid may be given to another process later. */
export type ProcessIdentity = { pid: number; startedAt: string }

export const identityOf = (pid: number): ProcessIdentity => ({ pid, startedAt: startOf(pid) })
export const ownIdentity = (): ProcessIdentity => identityOf(process.pid)
export const isAlive = ({ pid, startedAt }: ProcessIdentity): boolean => startOf(pid) === startedAt

/** A zombie is not running: it has ended, and only its parent has not looked yet. */
const isRunning = (pid: number): boolean => !['', 'Z'].includes(statOf(pid)[0] ?? '')
const startOf = (pid: number): string => statOf(pid)[19] ?? ''

/** What /proc says of a process, from its state on; nothing when it is gone. */
function statOf(pid: number): string[] {
  try {
    // The name before, in brackets, may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  } catch {
    return []
  }
}

const allPids = () => readdirSync('/proc').filter(entry => /^\d+$/.test(entry))

/** Processes of these network namespaces, found through the kernel and not through anything written down. */
export function processesIn(namespaces: readonly string[]): NamespaceProcess[] {
  const byInode = new Map(
    namespaces.flatMap(namespace => inodeOf(namespace).map(inode => [inode, namespace])),
  )
  if (byInode.size === 0) return []
  return allPids().flatMap(entry => {
    try {
      const namespace = byInode.get(readlinkSync(`/proc/${entry}/ns/net`))
      return namespace === undefined ? [] : [{ pid: Number(entry), namespace, isInit: isInit(entry) }]
    } catch {
      return [] // ended meanwhile
    }
  })
}

/** NSpid lists the pid in every nested pid namespace: the last one is 1 for a host's init. */
function isInit(pid: string): boolean {
  const line = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  const nested = line?.split(/\s+/) ?? []
  return nested.length > 1 && nested.at(-1) === '1'
}

/** Programs that a raising of this lab started and did not live to see the end of. */
function orphansOf(lab: string): number[] {
  const mark = `${raisingVariable}=${lab}\0`
  return allPids()
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)
      } catch {
        return false
      }
    })
    .map(Number)
}

function inodeOf(namespace: string): string[] {
  try {
    return [`net:[${statSync(`/run/netns/${namespace}`).ino}]`]
  } catch {
    return []
  }
}

/**
 * Ends all that runs of a lab: the inits first, for the kernel ends what lives under them. `namespaces` is asked
 * again each time: an orphan may still be making them.
 */
export async function endProcesses(
  lab: string,
  namespaces: () => readonly string[],
  withinSeconds = 60,
): Promise<void> {
  const giveUpAt = performance.now() + withinSeconds * 1000
  const inits = new Set<number>()
  for (;;) {
    const inside = processesIn(namespaces()).sort((a, b) => Number(b.isInit) - Number(a.isInit))
    for (const { pid, isInit } of inside) if (isInit) inits.add(pid)
    // A host is gone when its init is: that ends last, some time after it has left the network namespace.
    const dying = [...inits].filter(isRunning)
    const pids = [...new Set([...orphansOf(lab), ...inside.map(({ pid }) => pid), ...dying])]
    if (pids.length === 0) return
    if (performance.now() > giveUpAt) {
      const values = { seconds: withinSeconds, pids: pids.join(', ') }
      throw new Failure({ key: 'lab.survivors', values })
    }
    for (const pid of pids) kill(pid)
    await sleep(20)
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
