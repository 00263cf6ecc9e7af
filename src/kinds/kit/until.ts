import { secondsBetween } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'

/** One look: the answer, or what is still waited for (it goes into the failure). */
export type Look<Answer, Waiting> = { done: Answer } | { waiting: Waiting }

export type Patience<Waiting> = {
  /** Bounds the wait; the step's deadline stands above it. */
  seconds: number
  /** The first pause; each is half as long again as the one before, up to the longest. */
  firstPauseSeconds?: number
  longestPauseSeconds?: number
  otherwise: (waiting: Waiting) => Error
}

/**
 * Looks again and again until there is an answer, and returns it. When the time is over it throws what `otherwise` makes of the
 * last look. Ends at once when the attempt is aborted (`io.sleep` throws).
 */
export async function until<Answer, Waiting>(
  io: ReadIo,
  look: () => Promise<Look<Answer, Waiting>>,
  { seconds, firstPauseSeconds = 0.05, longestPauseSeconds = 1, otherwise }: Patience<Waiting>,
): Promise<Answer> {
  const startedAt = io.now()
  for (let pause = firstPauseSeconds; ; pause = Math.min(pause * 1.5, longestPauseSeconds)) {
    const seen = await look()
    if ('done' in seen) return seen.done
    if (secondsBetween(startedAt, io.now()) >= seconds) throw otherwise(seen.waiting)
    await io.sleep(pause)
  }
}

/** A look whose errors count as «not yet»: a server that restarts refuses connections. The error is what was waited for. */
export const errorsWait =
  <Answer, Waiting>(io: ReadIo, look: () => Promise<Look<Answer, Waiting>>) =>
  async (): Promise<Look<Answer, Waiting | Error>> => {
    try {
      return await look()
    } catch (error) {
      if (io.signal.aborted) throw error
      return { waiting: error instanceof Error ? error : new Error(String(error)) }
    }
  }
