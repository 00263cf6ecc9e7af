/** Knows which calls have not ended yet, so that what they need is not taken from under them. */
export function trackPendingCalls() {
  const calls = new Set<Promise<unknown>>()
  return {
    /** The same function, whose calls are known until they end. */
    known<Arguments extends unknown[], Result>(
      call: (...args: Arguments) => Promise<Result>,
    ): (...args: Arguments) => Promise<Result> {
      return (...args) => {
        const running = call(...args)
        const forget = (): void => void calls.delete(running)
        calls.add(running)
        running.then(forget, forget)
        return running
      }
    },
    /** Ends when all of them have, well or not. */
    async ended(): Promise<void> {
      await Promise.allSettled(calls)
    },
  }
}
