import type { Duplex } from 'node:stream'
import type { Host } from '../host.ts'
import type { OpenTunnel, TaskLog } from '../types.ts'

export async function openTunnel(
  _host: Host,
  _vmid: number,
  _options: object,
  _log: TaskLog,
): Promise<OpenTunnel> {
  throw new Error('not there yet')
}
export function joinTunnel(_host: Host, _vmid: number, _asked: object, stream: Duplex, _head: Buffer): void {
  stream.destroy()
}
