import { fold } from '../../src/run/fold.ts'
import { compile } from '../../src/runbook/compile.ts'
import type { Fault } from '../demo/faults.ts'
import { wrongIn } from '../demo/judged.ts'
import { prepare, withoutRehearsal } from '../demo/prepare.ts'
import { raiseStage, type Stage } from '../demo/stage.ts'
import { stopUsers } from '../demo/stop-users.ts'
import { readEntries, readVerdict } from '../demo/verdict.ts'
import { lowerLab, ownName } from '../lab.ts'
import { withoutMachines } from '../topology.ts'
import { doneTwice } from './done-twice.ts'
import { killedNight } from './killed-night.ts'
import { sampleOf, writesOf } from './writes.ts'

const name = ownName('kill-campaign')
/** Each life of the orchestrator costs seconds of the window; a hundred and more lives need a long one. */
const longWindow = 'window: {length: 3 h, rollbackReserve: 5 min}\n'

/**
 * One night on the real lab, the orchestrator killed with -9 after every distinct write of its journal, or after `most` of
 * them, and begun again. Exit code 0 when it still comes to its end with nothing lost and nothing done twice.
 */
export async function killEveryWrite(
  fault: Fault | undefined,
  most: number | undefined,
  tell: (line: string) => void,
): Promise<number> {
  try {
    const stage = await raiseStage({ name, size: 'tiny', parts: withoutMachines, overlay: longWindow })
    await prepare(stage, verb => tell(`bascule ${verb}`), withoutRehearsal)
    const targets = most === undefined ? undefined : someWrites(stage, most)
    const { outcome, kills } = await killedNight(
      stage,
      targets,
      write => tell(`kill -9 after ${write}`),
      fault,
    )
    const { sessionsLost } = await stopUsers(stage.users)
    const { steps, ...verdict } = await readVerdict(stage)
    const unfinished = steps.filter(step => step.outcome !== 'done' && outcome === 'moved')
    const repeated = doneTwice(readEntries(stage.stateDirectory))
    const survived = (targets ?? []).filter(write => !kills.includes(write))
    const summary = { ...verdict, outcome, kills: kills.length, survived, repeated, sessionsLost }
    process.stdout.write(`${JSON.stringify({ ...summary, writes: kills }, null, 2)}\n`)
    const wrong = [...wrongIn({ ...verdict, sessionsLost }), ...unfinished, ...repeated, ...survived]
    return wrong.length === 0 && outcome === (fault ? 'rolled-back' : 'moved') ? 0 : 1
  } finally {
    await lowerLab(name)
  }
}

function someWrites({ plan, kinds, stateDirectory }: Stage, most: number): string[] {
  const { facts } = fold(readEntries(stateDirectory))
  return sampleOf(writesOf(compile({ plan, kinds, mode: 'live', facts })), most)
}
