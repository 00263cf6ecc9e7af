import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Fault } from '../demo/faults.ts'
import { withTeam } from '../demo/night.ts'
import type { Stage } from '../demo/stage.ts'
import { readEntries } from '../demo/verdict.ts'
import { theNight } from './entries.ts'
import type { KilledRun } from './killed-run.ts'
import { writeName } from './writes.ts'

export type KilledNight = { outcome: string; kills: string[] }

/**
 * A night whose orchestrator is killed with -9 after each of the named writes (all, when none are named) and begun
 * again each time, until it comes to its end. Gives the writes it was killed after, in order.
 */
export async function killedNight(
  stage: Stage,
  targets: string[] | undefined,
  onKill: (write: string) => void = () => {},
  fault?: Fault,
): Promise<KilledNight> {
  const kills: string[] = []
  return withTeam(stage, fault, async () => {
    for (;;) {
      const { planFiles, stateDirectory } = stage
      const asked = { planFiles, stateDirectory, resume: theNight(stage) !== undefined, survived: kills }
      const life = await live(targets === undefined ? asked : { ...asked, targets })
      if (life.outcome !== undefined) return { outcome: life.outcome, kills }
      const entries = readEntries(stateDirectory)
      const last = entries.at(-1)
      const write = last === undefined ? '' : writeName(last.event)
      if (kills.includes(write)) throw new Error(`the orchestrator died twice after ${write}`)
      kills.push(write)
      onKill(write)
      // killed after its last write: nothing is left to go on with
      const { outcome } = theNight(stage) ?? {}
      if (outcome !== undefined) return { outcome, kills }
    }
  })
}

function live(asked: KilledRun): Promise<{ outcome?: string }> {
  const program = join(import.meta.dirname, 'killed-run.ts')
  const child = spawn(process.execPath, [program, JSON.stringify(asked)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve({})
      else if (code === 0) resolve({ outcome: stdout })
      else reject(new Error(`the orchestrator ended with ${code}: ${stderr.slice(-2000)}`))
    })
  })
}
