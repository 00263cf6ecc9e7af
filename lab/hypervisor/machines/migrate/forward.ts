import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TaskLog } from '../types.ts'
import { joinStreams } from './join-streams.ts'

export type Forward = { path: string; close(): void }

/** A local socket behind which the target's one stands: each connection gets one of its own through the tunnel. */
export async function forwardSocket(
  path: string,
  through: () => Promise<Duplex>,
  log: Pick<TaskLog, 'warn'>,
): Promise<Forward> {
  rmSync(path, { force: true })
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    through().then(
      stream => joinStreams(socket, stream),
      error => {
        log.warn(`tunnel: ${error instanceof Error ? error.message : error}`)
        socket.destroy()
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return {
    path,
    close: () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
