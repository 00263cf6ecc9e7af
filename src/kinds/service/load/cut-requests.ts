import type { EventEmitter } from 'node:events'

/**
 * Counts requests whose connection the server ended without an answer: autocannon sends them again and counts
 * nothing. Given each client before its first request (`setupClient`).
 */
export class CutRequests {
  count = 0

  watch(client: EventEmitter): void {
    let waiting = false
    let closing = false
    client.on('request', () => {
      // A second request while the first still waits: autocannon has connected anew.
      if (waiting && !closing) this.count += 1
      waiting = true
    })
    // What is sent on a connection that the server said it would close is autocannon's own haste.
    client.on('headers', ({ shouldKeepAlive }: { shouldKeepAlive?: boolean }) => {
      closing = shouldKeepAlive === false
    })
    client.on('response', () => {
      waiting = false
    })
    client.on('connError', () => {
      waiting = false
    })
    // Counted by autocannon as an error, and told only after the request that replaces it has been sent.
    client.on('timeout', () => {
      this.count -= 1
    })
  }
}
