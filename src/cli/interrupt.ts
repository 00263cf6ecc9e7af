import { exitCodes } from '../model/failure.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * The first Ctrl-C asks for a clean stop (`signal` fires, `tell` is called); the second ends the program at once: what it
 * leaves behind is found and ended when the run is resumed.
 */
export function onInterrupt(tell: () => void): { signal: AbortSignal; forget(): void } {
  const stop = new AbortController()
  const handle = (): void => {
    if (stop.signal.aborted) process.exit(exitCodes.failure)
    stop.abort()
    tell()
  }
  for (const signal of signals) process.on(signal, handle)
  return {
    signal: stop.signal,
    forget: () => {
      for (const signal of signals) process.off(signal, handle)
    },
  }
}
