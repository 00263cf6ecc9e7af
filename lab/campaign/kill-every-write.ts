import { setTimeout as wait } from 'node:timers/promises'
import type { Fault } from '../demo/faults.ts'
import { prepare } from '../demo/prepare.ts'
import { raiseStage } from '../demo/stage.ts'
import { readEntries, readVerdict } from '../demo/verdict.ts'
import { lowerLab } from '../lab.ts'
import { doneTwice } from './done-twice.ts'
import { killedNight } from './killed-night.ts'

const name = 'kill-campaign'
/** Each life of the orchestrator costs seconds of the window; a hundred and more lives need a long one. */
const longWindow = 'window: {length: 3 h, rollbackReserve: 5 min}\n'

/**
 * One night on the real lab, the orchestrator killed with -9 after every distinct write of its journal and begun again.
 * Exit code 0 when it still comes to its end with nothing lost and nothing done twice.
 */
export async function killEveryWrite(
  fault: Fault | undefined,
  tell: (line: string) => void,
): Promise<number> {
  await lowerLab(name)
  try {
    const stage = await raiseStage({ name, size: 'tiny', overlay: longWindow })
    await prepare(stage, verb => tell(`bascule ${verb}`))
    const { outcome, kills } = await killedNight(
      stage,
      undefined,
      write => tell(`kill -9 after ${write}`),
      fault,
    )
    await wait(6000)
    const users = await stage.users.stop()
    const { ledger, journal, steps, cut, trigger } = await readVerdict(stage)
    const unfinished = steps.filter(step => step.outcome !== 'done' && outcome === 'moved')
    const repeated = doneTwice(readEntries(stage.stateDirectory))
    const summary = {
      outcome,
      trigger,
      kills: kills.length,
      repeated,
      ledger,
      journal,
      cut,
      sessionsLost: users.sessionsLost,
    }
    process.stdout.write(`${JSON.stringify({ ...summary, writes: kills }, null, 2)}\n`)
    const isWhole =
      ledger.lost === 0 &&
      ledger.duplicated === 0 &&
      journal.verified &&
      unfinished.length === 0 &&
      repeated.length === 0
    return isWhole && outcome === (fault ? 'rolled-back' : 'moved') ? 0 : 1
  } finally {
    await lowerLab(name)
  }
}
