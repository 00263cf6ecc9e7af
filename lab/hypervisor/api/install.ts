import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeCertificate } from './certificate.ts'

export const tokenId = 'bascule@pve!move'

/**
 * What moving machines takes, both ways: a source of today is a target of the way back. `/` for Sys.*, the rest where
 * it is needed.
 */
const moveRole = [
  ...['VM.Audit', 'VM.Migrate', 'VM.PowerMgmt', 'VM.Backup', 'VM.Allocate', 'VM.Snapshot'],
  ...['VM.Config.Disk', 'VM.Config.CDROM', 'VM.Config.CPU', 'VM.Config.Memory', 'VM.Config.Network'],
  ...['VM.Config.HWType', 'VM.Config.Options', 'VM.Config.Cloudinit'],
  ...['VM.GuestAgent.Audit', 'VM.GuestAgent.FileSystemMgmt', 'VM.GuestAgent.Unrestricted'],
  ...['Datastore.Audit', 'Datastore.AllocateSpace', 'Datastore.Allocate', 'SDN.Use', 'SDN.Audit'],
]

/** PVE's user.cfg: the user holds the role, and so does its token, which without that would hold nothing. */
const userConfig = (): string =>
  [
    'user:root@pam:1:0:::::',
    'user:bascule@pve:1:0:::::',
    `token:${tokenId}:0:1::`,
    `role:BasculeMove:${moveRole.join(',')}:`,
    'role:BasculeNode:Sys.Audit,Sys.Incoming:',
    ...['/vms', '/storage', '/sdn'].map(path => `acl:1:${path}:bascule@pve,${tokenId}:BasculeMove:`),
    `acl:1:/:bascule@pve,${tokenId}:BasculeNode:`,
    '',
  ].join('\n')

/** Writes what the API needs into a host's tree: its certificate, its users, their token. */
export async function writeApi(
  tree: string,
  options: { node: string; address: string; tokenSecret: string },
): Promise<void> {
  const pve = join(tree, 'etc/pve')
  mkdirSync(join(pve, 'priv'), { recursive: true, mode: 0o700 })
  mkdirSync(join(tree, 'var/log/pve/tasks'), { recursive: true })
  writeFileSync(join(pve, 'user.cfg'), userConfig(), { mode: 0o640 })
  writeFileSync(join(pve, 'priv/token.cfg'), `${tokenId} ${options.tokenSecret}\n`, { mode: 0o600 })
  await writeCertificate(tree, options.node, options.address)
}
