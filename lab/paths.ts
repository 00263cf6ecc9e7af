import { dirname, join, resolve } from 'node:path'
import { directoryOf } from './state.ts'

/** The checkout (or a copy of it) that the lab's programs run from. */
export const repository = resolve(import.meta.dirname, '..')
/** The Node that came with the checkout's packages; the machine's own may be too old. */
export const node = join(repository, 'node_modules/node/bin/node')
/** PATH of a hypervisor's commands and services. */
export const hypervisorPath = [
  join(repository, 'lab/hypervisor/bin'),
  dirname(node),
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
].join(':')

export const secretsOf = (name: string) => join(directoryOf(name), 'secrets')
/** A host's own directories: `<tree>/etc` is its /etc, and so on. */
export const treeOf = (name: string, host: string) => join(directoryOf(name), 'hosts', host)
export const sshConfigOf = (name: string) => join(directoryOf(name), 'ssh_config')
export const knownHostsOf = (name: string) => join(directoryOf(name), 'known_hosts')
export const overlayOf = (name: string) => join(directoryOf(name), 'overlay.yaml')
/** The private key with which Bascule reaches the hosts. */
export const operationsKeyOf = (name: string) => join(secretsOf(name), 'ssh_key')

/** Where `bin/setup` leaves what it downloads for the laboratory, and where disks made from it are kept. */
export const cacheDirectory = process.env.BASCULE_LAB_CACHE ?? '/var/cache/bascule-lab'
/** The rsync that Debian 12 was released with, beside the machine's own. Not there where the archive has it no longer. */
const olderVersion = '3.2.7-1+deb12u6'
export const olderRsync = {
  version: olderVersion,
  program: join(cacheDirectory, `rsync-${olderVersion}`, 'usr/bin/rsync'),
}
