import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Config,
  type Machines,
  openMachines,
  type TaskLog,
} from '../../lab/hypervisor/machines/index.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type TestHypervisor = { machines: Machines; root: string; end(): Promise<void> }
export type TestLog = TaskLog & { lines: string[]; warnings: string[] }

export function newLog(): TestLog {
  const lines: string[] = []
  const warnings: string[] = []
  return {
    ...{ lines, warnings, signal: new AbortController().signal },
    line: text => lines.push(text),
    warn: text => warnings.push(text),
  }
}

/** A hypervisor in a directory of its own, with one storage of files and one of raw volumes. */
export async function raiseHypervisor(node: string): Promise<TestHypervisor> {
  const root = temporaryFolder('bh')
  mkdirSync(join(root, 'etc/pve'), { recursive: true })
  const storages =
    'dir: local\n\tpath /var/lib/vz\n\tcontent images,backup,iso\n\n' +
    'lvmthin: thin\n\tthinpool data\n\tvgname pve\n\tcontent images\n'
  writeFileSync(join(root, 'etc/pve/storage.cfg'), storages)
  const machines = openMachines({ root, node })
  const events = await machines.serveEvents()
  return {
    machines,
    root,
    async end() {
      for (const pid of pidsUnder(root)) process.kill(pid, 'SIGKILL')
      await events.close()
    },
  }
}

/** QEMUs that were started here: each has the root in its arguments. */
function pidsUnder(root: string): number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => {
      try {
        const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return argv.startsWith('qemu') && argv.includes(`${root}/`)
      } catch {
        return false
      }
    })
    .map(Number)
}

/** Nothing on it boots: the firmware waits, and QEMU is as real as with a guest. */
export const bareMachine = (disk: string): Config => ({
  name: 'bare',
  memory: '64',
  cores: '1',
  cpu: 'Westmere',
  ostype: 'l26',
  scsi0: disk,
})

export const tool = (...argv: string[]): string => {
  const [file = '', ...rest] = argv
  return execFileSync(file, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 200_000 })
}

/** Writes a pattern into an image that no machine runs on. */
export const scribble = (path: string, format: string, ...writes: string[]): string =>
  tool('qemu-io', '-f', format, ...writes.flatMap(write => ['-c', write]), path)

export const imagePath = (hypervisor: TestHypervisor, file: string): string =>
  join(hypervisor.root, 'var/lib/vz/images', file)
