import { setTimeout as wait } from 'node:timers/promises'
import type { Entry } from '../../src/model/event.ts'
import { exitCodes } from '../../src/model/failure.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { returnSlotLost } from '../faults/faults.ts'
import type { Stage } from './stage.ts'

/** Users write at the target for so long before it breaks, while it is broken, and after it is whole. Seconds. */
const writingSeconds = 5

/**
 * Users work at the target when the slot of the return path is lost. The alarm is seen, a rollback stops nothing, one order makes
 * the path again, and the rollback then brings everything home. Gives its exit code. Throws Error when a verb ends otherwise.
 */
export async function returnPathBreaks({ lab, run }: Stage): Promise<number> {
  const ends = async (exitCode: number, ...argv: string[]): Promise<void> => {
    const end = await run(...argv, '--json')
    if (end.exitCode === exitCode) return
    throw new Error(`bascule ${argv.join(' ')} ended with ${end.exitCode}, not ${exitCode}:\n${end.stdout}`)
  }
  const rollBack = ['rollback', '--reason', 'exam answers are refused', '--yes']
  await wait(writingSeconds * 1000)
  await ends(exitCodes.ok, 'watch')
  await returnSlotLost(lab)
  await wait(writingSeconds * 1000)
  await ends(exitCodes.returnPathBroken, 'watch')
  await ends(exitCodes.returnPathBroken, 'status')
  await ends(exitCodes.returnPathBroken, ...rollBack)
  await ends(exitCodes.ok, 'repair-return-path', '--reason', 'the slot lost its WAL')
  await wait(writingSeconds * 1000)
  await ends(exitCodes.ok, 'watch')
  const { exitCode } = await run(...rollBack, '--json')
  return exitCode
}

/** What was seen of a component's return path, each change once, and how it was made again. */
export type ReturnPathVerdict = { component: string; seen: string[]; repairs: JsonObject[] }

export function returnPathsIn(entries: readonly Entry[]): ReturnPathVerdict[] {
  const byComponent = new Map<string, ReturnPathVerdict>()
  for (const { event } of entries) {
    if (event.type !== 'return-path.seen' && event.type !== 'return-path.repaired') continue
    const { component } = event
    const one = byComponent.get(component) ?? { component, seen: [], repairs: [] }
    byComponent.set(component, one)
    if (event.type === 'return-path.repaired') one.repairs.push(event.result)
    else if (one.seen.at(-1) !== event.seen.state) one.seen.push(event.seen.state)
  }
  return [...byComponent.values()]
}
