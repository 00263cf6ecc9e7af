import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { verifyToken } from '../permissions/users.ts'
import type { Hypervisor } from './call.ts'

const tunnelPath = /^\/api2\/json\/nodes\/[^/]+\/qemu\/(\d+)\/mtunnelwebsocket$/

/** A migration's connections: a signed-in client that shows the tunnel's ticket is connected to it. */
export function upgrade(
  hypervisor: Hypervisor,
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
): void {
  const url = new URL(request.url ?? '/', 'https://pve')
  const vmid = tunnelPath.exec(url.pathname)?.[1]
  const asked = {
    socket: url.searchParams.get('socket') ?? '',
    ticket: url.searchParams.get('ticket') ?? '',
  }
  if (hypervisor.faults.find('node-unreachable')) stream.destroy()
  else if (vmid === undefined) refuse(stream, '501 no such uri')
  else if (!isSignedIn(hypervisor, request)) refuse(stream, '401 Authentication failed!')
  else hypervisor.machines.joinTunnel(Number(vmid), asked, stream, head)
}

function isSignedIn({ users }: Hypervisor, { headers }: IncomingMessage): boolean {
  const nowSeconds = Math.floor(Date.now() / 1000)
  return verifyToken(users(), headers.authorization ?? '', nowSeconds) !== undefined
}

function refuse(stream: Duplex, line: string): void {
  stream.end(`HTTP/1.1 ${line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
