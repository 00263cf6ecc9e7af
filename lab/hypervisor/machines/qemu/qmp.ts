import type { Json } from '../types.ts'
import { LineSocket } from './line-socket.ts'

/** QEMU's own refusal of a command. */
export class QmpError extends Error {
  readonly command: string
  readonly description: string
  constructor(command: string, description: string) {
    super(`qmp command '${command}' failed - ${description}`)
    this.name = 'QmpError'
    this.command = command
    this.description = description
  }
}
export type QmpEvent = {
  event: string
  data: Record<string, Json>
  timestamp: { seconds: number; microseconds: number }
}
type Message = { return?: Json; error?: { class: string; desc: string }; id?: number } & Partial<QmpEvent>

/** One connection to a monitor. Events that come meanwhile are kept until somebody asks for them. */
export class Qmp {
  private readonly socket: LineSocket
  private readonly events: QmpEvent[] = []
  private lastId = 0
  private constructor(socket: LineSocket) {
    this.socket = socket
  }

  /** `seconds` bounds the greeting: while another client is connected, none comes. */
  static async greet(socket: LineSocket, seconds: number): Promise<Qmp> {
    try {
      await socket.line(performance.now() + seconds * 1000)
      const qmp = new Qmp(socket)
      await qmp.execute('qmp_capabilities', undefined, seconds)
      return qmp
    } catch (error) {
      socket.close()
      throw error
    }
  }

  async execute(command: string, args?: Record<string, Json>, seconds = 10): Promise<Json> {
    const id = ++this.lastId
    this.socket.write(`${JSON.stringify({ execute: command, ...(args ? { arguments: args } : {}), id })}\n`)
    const giveUpAt = performance.now() + seconds * 1000
    for (;;) {
      const message = await this.receive(giveUpAt)
      if (message.id !== id) continue
      if (message.error) throw new QmpError(command, message.error.desc)
      return message.return ?? {}
    }
  }

  /** Waits for the first event that `matches`, one of those kept or the next to come. */
  async event(matches: (event: QmpEvent) => boolean, seconds: number): Promise<QmpEvent> {
    const giveUpAt = performance.now() + seconds * 1000
    for (;;) {
      const at = this.events.findIndex(matches)
      const [found] = at < 0 ? [] : this.events.splice(at, 1)
      if (found) return found
      await this.receive(giveUpAt)
    }
  }

  private async receive(giveUpAt: number): Promise<Message> {
    const message = JSON.parse(await this.socket.line(giveUpAt)) as Message
    if (message.event !== undefined) this.events.push(message as QmpEvent)
    return message
  }

  close(): void {
    this.socket.close()
  }
}

/** Opens a monitor for as long as `work` takes: the socket stays free for others in between. */
export async function withQmp<T>(
  path: string,
  work: (qmp: Qmp) => Promise<T>,
  greetSeconds = 10,
): Promise<T> {
  const qmp = await Qmp.greet(await LineSocket.open(path), greetSeconds)
  try {
    return await work(qmp)
  } finally {
    qmp.close()
  }
}
