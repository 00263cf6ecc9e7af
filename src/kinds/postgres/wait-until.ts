import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Text } from '../../model/text.ts'
import { errorsWait, until } from '../kit/until.ts'

export type Wait = { seconds: number; firstPauseSeconds?: number; otherwise: () => Text; remedy?: Text }

/**
 * Asks again until there is an answer other than undefined. An error counts as no answer: a server that restarts refuses
 * connections. Throws Failure when the time is over, the last error as its cause.
 */
export async function waitUntil<Answer>(
  io: ReadIo,
  ask: () => Promise<Answer | undefined>,
  { seconds, firstPauseSeconds = 0.05, otherwise, remedy }: Wait,
): Promise<Answer> {
  const look = async () => {
    const answer = await ask()
    return answer === undefined ? { waiting: undefined } : { done: answer }
  }
  return await until(io, errorsWait(io, look), {
    seconds,
    firstPauseSeconds,
    longestPauseSeconds: 0.25,
    otherwise: cause => new Failure(otherwise(), { cause, ...(remedy && { remedy }) }),
  })
}
