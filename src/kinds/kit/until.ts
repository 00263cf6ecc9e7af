import { secondsBetween } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'

/**
 * One look: the answer, or what is still waited for (it goes into the failure). `pauseSeconds`: this look knows when the next is
 * worth while; it stands in place of the pause that was due.
 */
export type Look<Answer, Waiting> = { done: Answer } | { waiting: Waiting; pauseSeconds?: number }

/** Each pause is half as long again as the one before, up to the longest. */
export type Pace = { firstPauseSeconds?: number; longestPauseSeconds?: number }
/** The same pause after each look. */
export const every = (seconds: number): Pace => ({ firstPauseSeconds: seconds, longestPauseSeconds: seconds })

/** What bounds the wait, and what the last look then comes to: a failure, or an answer for want of a better one. */
type Limit<Answer, Waiting> = (
  | { seconds: number; looks?: undefined }
  | { looks: number; seconds?: undefined }
) & { otherwise: (waiting: Waiting) => Error | { done: Answer } }
/** The step's deadline alone ends it. */
type NoLimit = { seconds?: undefined; looks?: undefined; otherwise?: undefined }

export type Patience<Answer, Waiting> = Pace & (Limit<Answer, Waiting> | NoLimit)

/**
 * Looks again and again until there is an answer, and returns it. This is the only loop of the kinds that waits: what is to be told
 * meanwhile, a look reports. Ends at once when the attempt is aborted (`io.sleep` throws).
 */
export async function until<Answer, Waiting>(
  io: ReadIo,
  look: () => Promise<Look<Answer, Waiting>>,
  patience: Patience<Answer, Waiting>,
): Promise<Answer> {
  const { firstPauseSeconds = 0.05, longestPauseSeconds = 1, otherwise } = patience
  const { seconds = Number.POSITIVE_INFINITY, looks = Number.POSITIVE_INFINITY } = patience
  const startedAt = io.now()
  let pause = firstPauseSeconds
  for (let count = 1; ; count++) {
    const seen = await look()
    if ('done' in seen) return seen.done
    if (otherwise && (count >= looks || secondsBetween(startedAt, io.now()) >= seconds)) {
      const end = otherwise(seen.waiting)
      if (end instanceof Error) throw end
      return end.done
    }
    await io.sleep(seen.pauseSeconds ?? pause)
    pause = Math.min(pause * 1.5, longestPauseSeconds)
  }
}

/** Which errors count as «not yet»; omitted: all. `seconds`: for how long one after the other, omitted: as long as is waited. */
export type Tolerance = { isPassing?: (error: unknown) => boolean; seconds?: number }

/** A look whose errors count as «not yet»: a server that restarts refuses connections. The error is what was waited for. */
export function errorsWait<Answer, Waiting>(
  io: ReadIo,
  look: () => Promise<Look<Answer, Waiting>>,
  { isPassing = () => true, seconds = Number.POSITIVE_INFINITY }: Tolerance = {},
): () => Promise<Look<Answer, Waiting | Error>> {
  let failingSince: string | undefined
  return async () => {
    try {
      const seen = await look()
      failingSince = undefined
      return seen
    } catch (error) {
      failingSince ??= io.now()
      if (io.signal.aborted || !isPassing(error)) throw error
      if (secondsBetween(failingSince, io.now()) > seconds) throw error
      return { waiting: error instanceof Error ? error : new Error(String(error)) }
    }
  }
}
