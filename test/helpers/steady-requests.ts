import { setTimeout as sleep } from 'node:timers/promises'

const pauseMilliseconds = 150
/** An emulated guest that boots beside it may slow the one that answers down; it may not silence it. */
const patienceMilliseconds = 8000

export type Answers = { asked: number; failed: string[] }

const longestMilliseconds = 180_000

/** A user who asks the same again and again, one request after the other, until told to stop; never for longer than three minutes. */
export function askSteadily(url: string): { stop(): Promise<Answers> } {
  const answers: Answers = { asked: 0, failed: [] }
  const stopped = new AbortController()
  const asking = (async () => {
    const end = performance.now() + longestMilliseconds
    while (!stopped.signal.aborted && performance.now() < end) {
      answers.asked += 1
      await ask(url).catch(error => answers.failed.push(String(error)))
      await sleep(pauseMilliseconds)
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await asking
      return answers
    },
  }
}

async function ask(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMilliseconds) })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
}
