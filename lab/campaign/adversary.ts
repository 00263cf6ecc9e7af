import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import type { Stage } from '../demo/stage.ts'
import { entriesOfNight } from './entries.ts'
import type { Scenario } from './scenario.ts'
import { troubles } from './troubles.ts'

/** Looks at the journal so often. */
const everyMilliseconds = 150

type Acting = { stage: Stage; program: ChildProcess }
export type Adversary = {
  /** What came of the troubles, in the order in which they ended. */
  told: string[]
  /** No more begin; waits for those under way, so that all is well again. Throws what went wrong in one. */
  end(): Promise<void>
}

/** Brings the troubles of a scenario, and kills the program, when the journal of the night has come so far. */
export function adversary(
  { kills, troubles: planned }: Scenario,
  acting: () => Acting,
  tell: (line: string) => void,
): Adversary {
  const told: string[] = []
  const underWay: Promise<void>[] = []
  const ended = new AbortController()
  const say = (line: string): void => {
    told.push(line)
    tell(line)
  }
  const bring = async ({ name, seconds, atEntry }: Scenario['troubles'][number]): Promise<void> => {
    tell(`entry ${atEntry}: ${name} for ${seconds} s`)
    const { stage } = acting()
    const programPid = () => acting().program.pid
    const detail = await troubles[name]({ stage, programPid }, seconds)
    say(detail === undefined ? name : `${name}: ${detail}`)
  }
  const watch = async (): Promise<void> => {
    const killsLeft = new Set(kills)
    const left = new Set(planned)
    while (!ended.signal.aborted) {
      const { stage, program } = acting()
      const entries = entriesOfNight(stage)
      for (const kill of killsLeft) {
        if (entries < kill) continue
        killsLeft.delete(kill)
        if (program.kill('SIGKILL')) say(`killed at entry ${entries}`)
      }
      for (const trouble of left) {
        if (entries < trouble.atEntry) continue
        left.delete(trouble)
        underWay.push(bring(trouble))
      }
      await wait(everyMilliseconds, undefined, { signal: ended.signal }).catch(() => {})
    }
  }
  const watching = watch()
  return {
    told,
    async end() {
      ended.abort()
      await watching
      const ends = await Promise.allSettled(underWay)
      for (const one of ends) if (one.status === 'rejected') throw one.reason
    },
  }
}
