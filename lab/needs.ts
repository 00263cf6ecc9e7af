import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../src/model/failure.ts'
import { repository } from './paths.ts'
import { searchPath } from './shell.ts'
import type { LabPart } from './types.ts'

/** One program of every Debian package that bin/setup installs for the lab. */
const programs = [
  ...['dig', 'fping', 'ip', 'iperf3', 'knotd', 'kdig', 'nginx', 'nsupdate', 'openssl', 'pg_createcluster'],
  ...['rsync', 'runsvdir', 'setfacl', 'setfattr', 'sshd', 'ssh-keygen', 'tc', 'tini', 'unbound', 'wg'],
]

/** Beside them, for a hypervisor and its guests. */
const machinePrograms = [
  'debugfs',
  'mke2fs',
  'qemu-img',
  'qemu-storage-daemon',
  'qemu-system-x86_64',
  'socat',
  'zstd',
]

/** Beside them, for firewalls and tunnels. */
const networkPrograms = ['conntrack', 'nft', 'sysctl', 'wg-quick', 'wireguard-go']

/** Throws a Failure that says what this machine lacks for a lab with these parts, before anything is made. */
export function requireWhatALabNeeds(parts: readonly LabPart[]): void {
  if (process.getuid?.() !== 0) {
    const command = process.argv.join(' ')
    throw new Failure(
      { key: 'lab.needs-root' },
      { remedy: { key: 'lab.needs-root.remedy', values: { command } } },
    )
  }
  const wanted = [
    ...programs,
    ...(parts.includes('machines') ? machinePrograms : []),
    ...(parts.includes('network') ? networkPrograms : []),
  ]
  const missing = wanted.filter(program => !isInstalled(program))
  if (missing.length === 0) return
  throw new Failure(
    { key: 'lab.needs-programs', values: { programs: missing.join(', ') } },
    {
      remedy: {
        key: 'lab.needs-programs.remedy',
        values: { command: `bash ${join(repository, 'bin/setup')}` },
      },
    },
  )
}

function isInstalled(program: string): boolean {
  return searchPath()
    .split(':')
    .some(directory => {
      try {
        accessSync(join(directory, program), constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
