import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../shell.ts'
import type { HostPlan } from '../topology.ts'
import { installService } from './service.ts'

/** What the machine's /etc says of itself and a lab host must not take over. */
const notOurs = ['postgresql', 'service', 'runit/runsvdir', 'ssh', 'shadow', 'shadow-', 'gshadow', 'gshadow-']

/** Writes the host's own /etc, /var, /srv, /root and /tmp: a fresh Debian machine with one service, sshd. */
export async function writeTree(tree: string, host: HostPlan, hosts: HostPlan[]): Promise<void> {
  for (const directory of ['etc', 'srv', 'root', 'tmp', 'repository', ...varDirectories])
    mkdirSync(join(tree, directory), { recursive: true })
  chmodSync(join(tree, 'root'), 0o700)
  for (const open of ['tmp', 'var/tmp']) chmodSync(join(tree, open), 0o1777)
  symlinkSync('/run', join(tree, 'var/run'))
  symlinkSync('/run/lock', join(tree, 'var/lock'))

  const etc = join(tree, 'etc')
  await run(['cp', '-a', '/etc/.', etc])
  for (const name of notOurs) rmSync(join(etc, name), { recursive: true, force: true })
  for (const directory of ['service', 'ssh', 'estate']) mkdirSync(join(etc, directory))
  writePasswords(etc)
  writeFileSync(join(etc, 'hostname'), `${host.name}\n`)
  writeFileSync(join(etc, 'hosts'), hostsFile(host, hosts))
  // The copy may be a link into the machine's /run.
  rmSync(join(etc, 'resolv.conf'), { force: true })
  writeFileSync(join(etc, 'resolv.conf'), '')
  installService(tree, { name: 'sshd', argv: ['/usr/sbin/sshd', '-D', '-e', '-f', '/etc/ssh/sshd_config'] })
  await ownPostgresDirectories(tree)
}

const varDirectories = [
  'var/lib/postgresql',
  'var/lib/bascule',
  'var/lib/nginx',
  'var/log/postgresql',
  'var/log/nginx',
  'var/cache',
  'var/spool',
  'var/tmp',
]

/** Nobody has a password here. `*`, not `!`: an account locked with `!` is refused even with a key. */
function writePasswords(etc: string): void {
  const users = readFileSync(join(etc, 'passwd'), 'utf8').trim().split('\n')
  const shadow = users.map(line => `${line.split(':')[0]}:*:20000:0:99999:7:::`)
  writeFileSync(join(etc, 'shadow'), `${shadow.join('\n')}\n`, { mode: 0o640 })
}

function hostsFile(host: HostPlan, hosts: HostPlan[]): string {
  const lines = hosts.map(({ name, address }) => `${address} ${name}`)
  return ['127.0.0.1 localhost', `127.0.1.1 ${host.name}`, ...lines, ''].join('\n')
}

async function ownPostgresDirectories(tree: string): Promise<void> {
  if (!existsSync('/usr/share/postgresql-common')) return
  mkdirSync(join(tree, 'etc/postgresql'))
  await run(['chown', 'postgres:postgres', join(tree, 'etc/postgresql'), join(tree, 'var/lib/postgresql')])
  await run(['chown', 'root:postgres', join(tree, 'var/log/postgresql')])
  chmodSync(join(tree, 'var/log/postgresql'), 0o1775)
}
