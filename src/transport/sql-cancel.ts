import { connect } from 'node:net'
import type { PoolClient } from 'pg'

const cancelRequestCode = 80877102

/**
 * Asks the server to stop what the connection is doing (protocol message CancelRequest, on a connection of its own;
 * the server takes it without TLS and never answers), then cuts the connection off. Never throws.
 */
export function cancelStatement(client: PoolClient, host: string, port: number): void {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(cancelRequestCode, 4)
  message.writeInt32BE(processID, 8)
  message.writeInt32BE(secretKey, 12)
  const socket = connect(port, host)
  socket.setTimeout(2000, () => socket.destroy())
  socket.on('error', () => undefined)
  socket.end(message)
  cutOff(client)
}

/** Ends the connection at this side, without a word to the server. */
export function cutOff(client: PoolClient): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}
