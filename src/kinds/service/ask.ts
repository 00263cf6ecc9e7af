import { secondsBetween } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'
import { deepestMessage } from '../kit/cause.ts'
import { every, until } from '../kit/until.ts'
import type { HttpSide } from './sides.ts'

/** What one GET gave; `status` is undefined when nothing answered, and `silence` then says why. */
export type Answer = { status?: number; milliseconds: number; silence?: string }

const timeoutSeconds = 5

/** The service itself, without the edge in front of it. */
export const askUrl = (at: HttpSide, io: ReadIo): Promise<Answer> =>
  ask(io, { url: at.url + at.spec.health.path })

/** The public URL as people ask it, but at this site whatever DNS says. */
export const askEdge = (at: HttpSide, io: ReadIo): Promise<Answer> =>
  ask(io, { url: at.spec.publicUrl + at.spec.health.path, connectTo: at.edge })

async function ask(
  io: ReadIo,
  request: { url: string; connectTo?: { address: string; port: number } },
): Promise<Answer> {
  try {
    const { status, milliseconds } = await io.http({ method: 'GET', timeoutSeconds, ...request })
    return { status, milliseconds }
  } catch (error) {
    io.signal.throwIfAborted()
    return { milliseconds: 0, silence: deepestMessage(error) }
  }
}

const pauseSeconds = 3

/**
 * A host that is busy at that moment is no dead service: where nothing came within the time, it is asked again, `times`
 * in all. What is refused at once is an answer. `again`: how many times more than once it was asked.
 */
export function patiently<Given extends { status?: number }>(
  question: () => Promise<Given>,
  io: ReadIo,
  times: number,
): Promise<Given & { again: number }> {
  let again = -1
  const look = async () => {
    again += 1
    const begun = io.now()
    const answer = { ...(await question()), again }
    const tookSeconds = secondsBetween(begun, io.now())
    const isLate = answer.status === undefined && tookSeconds >= timeoutSeconds
    return isLate ? { waiting: answer } : { done: answer }
  }
  return until(io, look, { looks: times, ...every(pauseSeconds), otherwise: answer => ({ done: answer }) })
}

/** In a few words, for a failure or a figure: "500" or "connect ECONNREFUSED 10.80.2.30:8080". */
export const inWords = (answer: Answer): string => String(answer.status ?? answer.silence)

/** Asks until the answer is good; `otherwise` gets the last one that was not. */
export const askUntil = <Given>(
  isGood: (answer: Given) => boolean,
  question: () => Promise<Given>,
  io: ReadIo,
  { seconds, otherwise }: { seconds: number; otherwise: (answer: Given) => Error },
): Promise<Given> =>
  until(
    io,
    async () => {
      const answer = await question()
      return isGood(answer) ? { done: answer } : { waiting: answer }
    },
    { seconds, otherwise },
  )
