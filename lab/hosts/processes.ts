import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../src/model/failure.ts'

export type NamespaceProcess = { pid: number; namespace: string; isInit: boolean }

/** Processes of these network namespaces, found through the kernel and not through anything written down. */
export function processesIn(namespaces: readonly string[]): NamespaceProcess[] {
  const byInode = new Map(
    namespaces.flatMap(namespace => inodeOf(namespace).map(inode => [inode, namespace])),
  )
  if (byInode.size === 0) return []
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .flatMap(entry => {
      try {
        const namespace = byInode.get(readlinkSync(`/proc/${entry}/ns/net`))
        if (namespace === undefined) return []
        // NSpid lists the pid in every nested pid namespace: the last one is 1 for a host's init.
        const nested =
          /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1]?.split(/\s+/) ?? []
        return [{ pid: Number(entry), namespace, isInit: nested.length > 1 && nested.at(-1) === '1' }]
      } catch {
        return [] // ended meanwhile
      }
    })
}

function inodeOf(namespace: string): string[] {
  try {
    return [`net:[${statSync(`/run/netns/${namespace}`).ino}]`]
  } catch {
    return []
  }
}

/** Ends everything in the namespaces: the inits first, for the kernel ends all that lives under them. */
export async function endProcesses(namespaces: readonly string[], withinSeconds = 20): Promise<void> {
  const giveUpAt = performance.now() + withinSeconds * 1000
  for (;;) {
    const processes = processesIn(namespaces)
    if (processes.length === 0) return
    if (performance.now() > giveUpAt) {
      const pids = processes.map(({ pid }) => pid).join(', ')
      throw new Failure({ key: 'lab.survivors', values: { seconds: withinSeconds, pids } })
    }
    for (const { pid } of processes.sort((a, b) => Number(b.isInit) - Number(a.isInit))) kill(pid)
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
