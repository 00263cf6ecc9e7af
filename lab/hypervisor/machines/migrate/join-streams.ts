import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'

/** What one says the other hears; when one is gone the other goes too. */
export function joinStreams(one: Duplex, other: Duplex): void {
  const end = () => {
    one.destroy()
    other.destroy()
  }
  pipeline(one, other, error => error && end())
  pipeline(other, one, error => error && end())
}
