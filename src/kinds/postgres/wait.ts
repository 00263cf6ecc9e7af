import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Text } from '../../model/text.ts'

const longestPauseSeconds = 0.25

export type Wait = {
  seconds: number
  everySeconds?: number
  otherwise: (last: unknown) => Text
  remedy?: Text
}

/**
 * Asks again and again until there is an answer other than undefined, and returns it. An error while asking counts as no
 * answer: a server that restarts refuses connections. Throws Failure when the time is over, the last error as its
 * cause. `seconds` only bounds a wait that has no better end: the step's deadline stands above it.
 */
export async function until<T>(
  io: ReadIo,
  ask: () => Promise<T | undefined>,
  { seconds, everySeconds = 0.05, otherwise, remedy }: Wait,
): Promise<T> {
  const endMilliseconds = Date.parse(io.now()) + seconds * 1000
  let pauseSeconds = everySeconds
  for (;;) {
    let last: unknown
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      if (io.signal.aborted) throw error
      last = error
    }
    if (Date.parse(io.now()) >= endMilliseconds) {
      throw new Failure(otherwise(last), { cause: last, ...(remedy === undefined ? {} : { remedy }) })
    }
    await io.sleep(pauseSeconds)
    pauseSeconds = Math.min(pauseSeconds * 1.5, Math.max(longestPauseSeconds, everySeconds))
  }
}
