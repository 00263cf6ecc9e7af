import type { Duplex } from 'node:stream'
import { LineSocket } from '../qemu/line-socket.ts'
import { Refusal } from '../refusal.ts'
import type { Config } from '../types.ts'

export const tunnelVersion = 2

export type DiskOffer = { key: string; storage: string; format: string; sizeBytes: number }
/** What the source asks of the target, one line of JSON each, answered one by one. */
export type Commands = {
  version: { ask: object; answer: { version: number } }
  /** Makes the machine, locked, with empty disks of the same size. */
  config: { ask: { config: Config; disks: DiskOffer[] }; answer: { volumes: Record<string, string> } }
  /** Offers one disk of a machine that is off, for one connection. */
  disk: { ask: { key: string }; answer: { socket: string; name: string } }
  /** Starts the machine's QEMU, which waits for RAM, and offers its disks. */
  start: { ask: object; answer: { migrate: string; nbd: string } }
  /** The RAM is there: runs on. The moment is that of QEMU's own event. */
  resume: { ask: object; answer: { resumedAtMilliseconds: number } }
  /** Takes everything back that was made. */
  abort: { ask: object; answer: object }
  unlock: { ask: object; answer: object }
  quit: { ask: object; answer: object }
}
export type CommandName = keyof Commands
export type Handlers = { [N in CommandName]: (ask: Commands[N]['ask']) => Promise<Commands[N]['answer']> }

/** The source's end. */
export class Control {
  private readonly socket: LineSocket
  constructor(stream: Duplex) {
    this.socket = LineSocket.over(stream)
  }

  async ask<N extends CommandName>(
    command: N,
    ask: Commands[N]['ask'],
    seconds = 120,
  ): Promise<Commands[N]['answer']> {
    this.socket.write(`${JSON.stringify({ command, ask })}\n`)
    const line = await this.socket.line(performance.now() + seconds * 1000)
    const { failed, answer } = JSON.parse(line) as { failed?: string; answer?: Commands[N]['answer'] }
    if (failed !== undefined || answer === undefined)
      throw new Refusal(`error - tunnel command '${command}' failed - ${failed}`)
    return answer
  }

  close(): void {
    this.socket.close()
  }
}

/** The target's end: answers until `quit`. Throws when the other side is gone before. */
export async function serveControl(stream: Duplex, handlers: Handlers): Promise<void> {
  const socket = LineSocket.over(stream)
  try {
    for (;;) {
      // A disk may take hours: what ends this wait is the end of the connection.
      const { command, ask } = JSON.parse(await socket.line(Number.POSITIVE_INFINITY)) as {
        command: CommandName
        ask: never
      }
      try {
        const handler = handlers[command]
        if (!handler) throw new Refusal(`unknown command '${command}'`)
        socket.write(`${JSON.stringify({ answer: await handler(ask) })}\n`)
      } catch (error) {
        socket.write(
          `${JSON.stringify({ failed: error instanceof Error ? error.message : String(error) })}\n`,
        )
      }
      if (command === 'quit') return
    }
  } finally {
    socket.close()
  }
}

/** From here on the machine is the target's, whatever fails: the source keeps its lock. */
export class AlreadyThere extends Refusal {
  constructor(cause: unknown) {
    super(`migration problems: ${cause instanceof Error ? cause.message : cause}`, { cause })
    this.name = 'AlreadyThere'
  }
}
