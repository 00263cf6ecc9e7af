import { randomInt } from 'node:crypto'
import type { Json } from '../types.ts'
import { LineSocket } from './line-socket.ts'

/** The agent in the guest said no. */
export class AgentError extends Error {
  override name = 'AgentError'
}

/**
 * Asks the guest's agent one thing. The connection may hold what an earlier asker did not wait for: a byte 0xFF and
 * a number that comes back mark where the answers of this one begin. Throws a SocketError when nobody answers.
 */
export async function askAgent(
  path: string,
  command: string,
  args: Record<string, Json> = {},
  limits: { syncSeconds?: number; seconds?: number } = {},
): Promise<Json> {
  const socket = await LineSocket.open(path)
  try {
    await synchronize(socket, performance.now() + (limits.syncSeconds ?? 3) * 1000)
    const named = Object.keys(args).length > 0 ? { arguments: args } : {}
    socket.write(`${JSON.stringify({ execute: command, ...named })}\n`)
    // A guest that shuts down does not answer any more.
    if (command === 'guest-shutdown') return await answerOrEnd(socket)
    return await answer(socket, performance.now() + (limits.seconds ?? 10) * 1000)
  } finally {
    socket.close()
  }
}

async function synchronize(socket: LineSocket, giveUpAt: number): Promise<void> {
  const id = randomInt(1, 2 ** 31)
  const ask = JSON.stringify({ execute: 'guest-sync-delimited', arguments: { id } })
  socket.write(Buffer.concat([Buffer.from([0xff]), Buffer.from(`${ask}\n`)]))
  for (;;) {
    // As UTF-8 the mark is not a character: what stands before the last one of a line is of no interest.
    const line = (await socket.line(giveUpAt)).split('\ufffd').at(-1) ?? ''
    if (line.includes(`${id}`) && (JSON.parse(line) as { return?: number }).return === id) return
  }
}

async function answer(socket: LineSocket, giveUpAt: number): Promise<Json> {
  const message = JSON.parse(await socket.line(giveUpAt)) as { return?: Json; error?: { desc: string } }
  if (message.error) throw new AgentError(message.error.desc)
  return message.return ?? {}
}

/** An agent that cannot shut the guest down says so at once. */
async function answerOrEnd(socket: LineSocket): Promise<Json> {
  try {
    return await answer(socket, performance.now() + 500)
  } catch (error) {
    if (error instanceof AgentError) throw error
    return {}
  }
}
