import { instantAt, millisecondsOf } from './instant.ts'

/** A host's clock beside that of the machine Bascule runs on. Negative: behind it. The truth is within `withinSeconds` of it. */
export type HostClock = { aheadSeconds: number; withinSeconds: number }

/** An instant that a host told, by this machine's clock. Undefined when nobody has compared the two. */
export function byOwnClock(instant: string, clock: HostClock | undefined): string | undefined {
  return clock === undefined ? undefined : instantAt(millisecondsOf(instant) - clock.aheadSeconds * 1000)
}
