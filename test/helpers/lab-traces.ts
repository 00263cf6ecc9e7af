import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { execa } from 'execa'
import { processesIn } from '../../lab/hosts/processes.ts'
import { namespacesLike } from '../../lab/lower.ts'
import { claimedIndex, directoryOf } from '../../lab/state.ts'
import { markOf, prefixOf } from '../../lab/topology.ts'

/** What a lab has in the machine, by the kernel's own lists: everything here must be gone after `down`. */
export type Traces = {
  namespaces: string[]
  interfaces: string[]
  routes: string[]
  mounts: string[]
  processes: number[]
  files: string[]
}
export const noTraces: Traces = {
  namespaces: [],
  interfaces: [],
  routes: [],
  mounts: [],
  processes: [],
  files: [],
}

/** Inodes of the lab's pid namespaces: they tell its processes apart even when its network is gone. */
export type Worlds = Set<string>

export function worldsOf(index: number): Worlds {
  const own = readlinkSync('/proc/self/ns/pid')
  const all = processesIn(namespacesLike(markOf(index))).flatMap(({ pid }) => worldOf(pid))
  return new Set(all.filter(world => world !== own))
}

export async function tracesOf(name: string, index: number, worlds: Worlds): Promise<Traces> {
  const lines = async (...argv: [string, ...string[]]) => {
    const { stdout } = await execa(argv[0], argv.slice(1))
    return stdout.split('\n')
  }
  const mark = markOf(index)
  const directory = directoryOf(name)
  return {
    namespaces: namespacesLike(mark),
    interfaces: (await lines('ip', '-brief', 'link')).filter(line => line.includes(mark)),
    routes: (await lines('ip', 'route')).filter(line => line.includes(`${prefixOf(index)}.`)),
    mounts: readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .filter(line => line.includes(`/${mark}`) || line.includes(directory)),
    processes: readdirSync('/proc')
      .filter(entry => /^\d+$/.test(entry))
      .map(Number)
      .filter(pid => worldOf(pid).some(world => worlds.has(world)) || bootsFor(pid, directory)),
    files: [directory, ...(claimedIndex(name) === undefined ? [] : ['claim'])].filter(
      file => file === 'claim' || existsSync(file),
    ),
  }
}

/** A zombie has ended, and goes when its parent looks. */
function worldOf(pid: number): string[] {
  try {
    if (/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return []
    return [readlinkSync(`/proc/${pid}/ns/pid`)]
  } catch {
    return []
  }
}

const bootsFor = (pid: number, directory: string): boolean => {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return command.includes('boot.sh') && command.includes(`${directory}/`)
  } catch {
    return false
  }
}
