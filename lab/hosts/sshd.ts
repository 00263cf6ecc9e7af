import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hypervisorPath, knownHostsOf, operationsKeyOf, sshConfigOf, treeOf } from '../paths.ts'
import { settleAllThenThrow } from '../settle-all.ts'
import { run } from '../shell.ts'
import type { HostPlan } from '../topology.ts'

export const sshdConfig = (host: HostPlan): string =>
  [
    `ListenAddress ${host.address}`,
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    'PidFile none',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'UseDNS no',
    // Many short commands arrive at once when a run starts: the default drops some beyond ten.
    'MaxStartups 100:30:200',
    'MaxSessions 100',
    'Subsystem sftp /usr/lib/openssh/sftp-server',
    // qm and pvesm, as on Proxmox VE, and the Node they run on.
    ...(host.role === 'hypervisor' ? [`SetEnv PATH=${hypervisorPath}`] : []),
    '',
  ].join('\n')

/** How the machine that runs the lab reaches its hosts: `ssh -F <file> montpellier-database`. */
export const sshConfig = (name: string, hosts: HostPlan[]): string =>
  [
    ...hosts.map(host => `Host ${host.name}\n  HostName ${host.address}\n`),
    'Host *',
    '  User root',
    `  IdentityFile ${operationsKeyOf(name)}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${knownHostsOf(name)}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    '  BatchMode yes',
    '',
  ].join('\n')

/** Roles whose hosts must reach their like at the other site: the data goes straight from one to the other. */
const peers = ['database', 'files', 'hypervisor']

const newKey = (file: string, comment: string) =>
  run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file])
const publicKey = (file: string) => readFileSync(`${file}.pub`, 'utf8').trim()

/** A host key for every host, the operations key that opens them all, and keys between peers. */
export async function writeSshKeys(name: string, hosts: HostPlan[]): Promise<void> {
  const hostKey = (host: HostPlan) => join(treeOf(name, host.name), 'etc/ssh/ssh_host_ed25519_key')
  const ownKey = (host: HostPlan) => join(treeOf(name, host.name), 'root/.ssh/id_ed25519')
  const withPeer = hosts.filter(host => peers.includes(host.role))
  for (const host of hosts)
    mkdirSync(join(treeOf(name, host.name), 'root/.ssh'), { recursive: true, mode: 0o700 })
  await settleAllThenThrow([
    newKey(operationsKeyOf(name), `operations of ${name}`),
    ...hosts.map(host => newKey(hostKey(host), host.name)),
    ...withPeer.map(host => newKey(ownKey(host), `root@${host.name}`)),
  ])

  const keyType = /^(\S+ \S+)/
  const knownHosts = hosts
    .map(host => `${host.name},${host.address} ${keyType.exec(publicKey(hostKey(host)))?.[1]}\n`)
    .join('')
  writeFileSync(knownHostsOf(name), knownHosts)
  writeFileSync(sshConfigOf(name), sshConfig(name, hosts))
  for (const host of hosts) {
    const tree = treeOf(name, host.name)
    writeFileSync(join(tree, 'etc/ssh/sshd_config'), sshdConfig(host))
    writeFileSync(join(tree, 'etc/ssh/ssh_config'), 'Host *\n  BatchMode yes\n  StrictHostKeyChecking yes\n')
    writeFileSync(join(tree, 'etc/ssh/ssh_known_hosts'), knownHosts)
    const authorized = join(tree, 'root/.ssh/authorized_keys')
    writeFileSync(authorized, `${publicKey(operationsKeyOf(name))}\n`, { mode: 0o600 })
    for (const peer of withPeer)
      if (peer.role === host.role && peer !== host) appendFileSync(authorized, `${publicKey(ownKey(peer))}\n`)
  }
}
