import { mkdirSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findConfig } from './config/files.ts'
import { eventSocket, type Host } from './host.ts'
import { LineSocket } from './qemu/line-socket.ts'
import { cleanUp, waitForEnd } from './qemu/process.ts'
import { Qmp } from './qemu/qmp.ts'

/**
 * Plays qmeventd. Every QEMU connects here by itself, again and again when nobody listens, so that a shutdown that
 * nobody saw is found when the next one listens.
 */
export async function serveEvents(host: Host): Promise<{ close(): Promise<void> }> {
  const path = eventSocket(host)
  mkdirSync(dirname(path), { recursive: true })
  if (await isServed(path)) return { close: async () => {} }
  rmSync(path, { force: true })
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    watch(host, socket).catch(() => socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return {
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

const isServed = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = createConnection(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

async function watch(host: Host, socket: Socket): Promise<void> {
  const qmp = await Qmp.greet(LineSocket.over(socket), 10)
  const { status } = (await qmp.execute('query-status')) as { status: string }
  const vmid = vmidIn(await qmp.execute('query-chardev'))
  if (status !== 'shutdown') await qmp.event(({ event }) => event === 'SHUTDOWN', Number.POSITIVE_INFINITY)
  // A backup reads on from the disks of a guest that is down.
  while (((await qmp.execute('query-block-jobs')) as unknown[]).length > 0) await sleep(500)
  await qmp.execute('quit')
  const config = vmid === undefined ? undefined : findConfig(host, vmid)
  if (vmid !== undefined && config && (await waitForEnd(host, vmid, 30)))
    await cleanUp(host, vmid, config.current)
}

/** QEMU does not know the number; the name of its monitor's socket does. */
function vmidIn(chardevs: unknown): number | undefined {
  const files = (chardevs as { filename: string }[]).map(({ filename }) => filename)
  const number = files.map(file => /\/(\d+)\.qmp\b/.exec(file)?.[1]).find(Boolean)
  return number === undefined ? undefined : Number(number)
}
