import { join } from 'node:path'

/** One hypervisor, seen from its files. Everything hangs on `root`, so that two of them fit into one machine. */
export type Host = {
  root: string
  node: string
  /** A path as PVE knows it (`/etc/pve/…`), where it is on this machine. */
  at(...parts: string[]): string
}

export const hostAt = (root: string, node: string): Host => ({
  root,
  node,
  at: (...parts) => join(root, ...parts),
})

export const configFile = (host: Host, vmid: number) => host.at('/etc/pve/qemu-server', `${vmid}.conf`)
export const runDirectory = (host: Host) => host.at('/var/run/qemu-server')
export const logDirectory = (host: Host) => host.at('/var/log/pve')
export const pidFile = (host: Host, vmid: number) => host.at('/var/run/qemu-server', `${vmid}.pid`)
export const qmpSocket = (host: Host, vmid: number) => host.at('/var/run/qemu-server', `${vmid}.qmp`)
export const agentSocket = (host: Host, vmid: number) => host.at('/var/run/qemu-server', `${vmid}.qga`)
/** RAM of a machine that comes here, and the disks before it. */
export const migrationSocket = (host: Host, vmid: number) =>
  host.at('/var/run/qemu-server', `${vmid}.migrate`)
export const nbdSocket = (host: Host, vmid: number) => host.at('/var/run/qemu-server', `${vmid}_nbd.migrate`)
/** Every QEMU tells its events here, to whatever plays qmeventd. */
export const eventSocket = (host: Host) => host.at('/var/run/qmeventd.sock')
export const serialLog = (host: Host, vmid: number) => host.at('/var/log/pve', `${vmid}.serial`)
