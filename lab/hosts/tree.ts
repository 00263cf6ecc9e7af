import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostPlan } from '../topology.ts'
import { giveTo } from './accounts.ts'
import { installService } from './service.ts'

/** A host's own in /etc. The rest is the machine's, which boot.sh puts read-only at /mnt, linked name by name. */
const ownDirectories = [
  ...['estate', 'knot', 'postgresql', 'powerdns', 'pve', 'service', 'ssh', 'unbound', 'wireguard'],
]
const ownFiles = ['hostname', 'hosts', 'nftables.conf', 'resolv.conf', 'shadow']
/** Not a host's: what else guards passwords, this machine's rules, and runit's services, which are in /etc/service here. */
const leftOut = ['gshadow', 'gshadow-', 'nftables.d', 'runit', 'shadow-']

/** Writes the host's own /etc, /var, /srv, /root and /tmp: a fresh Debian machine with one service, sshd. */
export function writeTree(tree: string, host: HostPlan, hosts: HostPlan[]): void {
  for (const directory of ['etc', 'srv', 'root', 'tmp', 'repository', ...varDirectories])
    mkdirSync(join(tree, directory), { recursive: true })
  chmodSync(join(tree, 'root'), 0o700)
  for (const open of ['tmp', 'var/tmp']) chmodSync(join(tree, open), 0o1777)
  symlinkSync('/run', join(tree, 'var/run'))
  symlinkSync('/run/lock', join(tree, 'var/lock'))

  const etc = join(tree, 'etc')
  for (const directory of ownDirectories) mkdirSync(join(etc, directory))
  // Private keys lie there.
  chmodSync(join(etc, 'wireguard'), 0o700)
  // At /mnt, as deep as /etc is, relative links still lead where they did.
  for (const name of readdirSync('/etc'))
    if (![...ownDirectories, ...ownFiles, ...leftOut].includes(name))
      symlinkSync(join('/mnt', name), join(etc, name))
  writePasswords(etc)
  writeFileSync(join(etc, 'hostname'), `${host.name}\n`)
  writeFileSync(join(etc, 'hosts'), hostsFile(host, hosts))
  writeFileSync(join(etc, 'resolv.conf'), '')
  installService(tree, { name: 'sshd', argv: ['/usr/sbin/sshd', '-D', '-e', '-f', '/etc/ssh/sshd_config'] })
  ownPostgresDirectories(tree)
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
  const users = readFileSync('/etc/passwd', 'utf8').trim().split('\n')
  const shadow = users.map(line => `${line.split(':')[0]}:*:20000:0:99999:7:::`)
  writeFileSync(join(etc, 'shadow'), `${shadow.join('\n')}\n`, { mode: 0o640 })
}

function hostsFile(host: HostPlan, hosts: HostPlan[]): string {
  const lines = hosts.map(({ name, address }) => `${address} ${name}`)
  return ['127.0.0.1 localhost', `127.0.1.1 ${host.name}`, ...lines, ''].join('\n')
}

/** As Debian's postgresql-common leaves them. */
function ownPostgresDirectories(tree: string): void {
  const logs = join(tree, 'var/log/postgresql')
  giveTo('postgres', join(tree, 'etc/postgresql'), join(tree, 'var/lib/postgresql'), logs)
  chmodSync(logs, 0o1775)
}
