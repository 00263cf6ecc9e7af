import { setTimeout as wait } from 'node:timers/promises'

type NotYet = false | undefined

/** Asks at once and every so often until there is an answer, and at least once more when the time is over; then it gives undefined. */
export async function until<Answer>(
  ask: () => Answer | NotYet | Promise<Answer | NotYet>,
  { seconds, everySeconds }: { seconds: number; everySeconds: number },
): Promise<Answer | undefined> {
  const giveUpAt = performance.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > giveUpAt) return undefined
    await wait(everySeconds * 1000)
  }
}
