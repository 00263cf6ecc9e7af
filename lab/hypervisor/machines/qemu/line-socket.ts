import { createConnection } from 'node:net'
import type { Duplex } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

export class SocketError extends Error {
  override name = 'SocketError'
}

/**
 * A connection to a unix socket on which JSON comes line by line. QEMU serves one client at a time: another one
 * waits in its queue, which looks like silence; so every reading has its limit.
 */
export class LineSocket {
  private readonly socket: Duplex
  private readonly lines: string[] = []
  private rest = ''
  private waiting: (() => void) | undefined
  private ended: Error | undefined

  private constructor(socket: Duplex) {
    this.socket = socket
    // A character may come in two pieces; a socket of an HTTP server takes no encoding of its own.
    const decoder = new StringDecoder('utf8')
    socket.on('data', (chunk: Buffer) => {
      const parts = (this.rest + decoder.write(chunk)).split('\n')
      this.rest = parts.pop() ?? ''
      this.lines.push(...parts)
      this.waiting?.()
    })
    const end = (error?: Error) => {
      this.ended ??= error ?? new SocketError('connection closed')
      this.waiting?.()
    }
    socket.on('error', end)
    socket.on('close', () => end())
  }

  static open(path: string): Promise<LineSocket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(path)
      socket.once('error', cause => reject(new SocketError(`unable to connect to ${path}`, { cause })))
      socket.once('connect', () => {
        socket.removeAllListeners('error')
        resolve(new LineSocket(socket))
      })
    })
  }
  /** Takes over a connection that came in. */
  static over(socket: Duplex): LineSocket {
    return new LineSocket(socket)
  }

  write(text: string | Buffer): void {
    this.socket.write(text)
  }

  /** The next line. Throws a SocketError when none comes in time or the other side is gone. */
  async line(giveUpAt: number): Promise<string> {
    for (;;) {
      const line = this.lines.shift()
      if (line !== undefined) return line
      if (this.ended) throw new SocketError('connection closed', { cause: this.ended })
      const left = giveUpAt - performance.now()
      if (left <= 0) throw new SocketError('got timeout')
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>(resolve => {
        this.waiting = resolve
        timer = setTimeout(resolve, Math.min(left, 2 ** 30))
      })
      clearTimeout(timer)
      this.waiting = undefined
    }
  }

  close(): void {
    this.socket.destroy()
  }
}
