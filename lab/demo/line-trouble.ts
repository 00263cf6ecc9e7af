import { setTimeout as wait } from 'node:timers/promises'
import type { Run } from '../../src/model/run.ts'
import type { RunMode } from '../../src/model/step.ts'
import { linkRate, mainLineDown, mainLineUp } from '../faults/faults.ts'
import type { Lab } from '../types.ts'
import { overloadLink } from './overload-link.ts'
import { untilRun } from './until-run.ts'

/** In the middle of which step of which run the main line is cut. */
export type LineTrouble = { mode: RunMode; step: string }

/** Slow enough that 40 MB take 20 s and the cut falls in the middle of them. */
const slowMbps = 16
const wholeMbps = 200
const underWaySeconds = 4
/** From when the run has noticed: people see why nothing goes on. */
const lostSeconds = 8

/** Cuts Toulouse's fibre while a burden of files is on its way, and brings it back once the run has stood still for a while. */
export async function lineTrouble(
  lab: Lab,
  stateDirectory: string,
  { mode, step }: LineTrouble,
): Promise<void> {
  await overloadLink(lab)
  await linkRate(lab, slowMbps)
  const until = (what: string, isSo: (run: Run) => boolean) => untilRun(stateDirectory, mode, what, isSo)
  await until(`${step} runs`, run => run.steps[step]?.status === 'running')
  await wait(underWaySeconds * 1000)
  await mainLineDown(lab)
  try {
    await until('the line counts as lost', run => Object.keys(run.linesLost).length > 0)
    await wait(lostSeconds * 1000)
  } finally {
    await mainLineUp(lab)
    await linkRate(lab, wholeMbps)
  }
}
