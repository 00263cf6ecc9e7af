import { Temporal } from 'temporal-polyfill'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import { programVersion } from '../model/version.ts'
import { runWindow } from './window.ts'

/** A run that has not begun: what a forecast is made from before the night. */
export function emptyRun(plan: Plan, runbook: Runbook): Run {
  const { start, end } = runWindow(plan, runbook.mode, Temporal.Now.instant())
  return {
    id: '',
    mode: runbook.mode,
    planName: plan.name,
    planHash: '',
    runbookHash: runbook.hash,
    programVersion: programVersion(),
    windowStart: start.toString(),
    windowEnd: end.toString(),
    fencingNumber: 0,
    startedAt: start.toString(),
    steps: {},
    gates: {},
    linesLost: {},
    copiesLost: {},
    orders: {},
    returnPaths: {},
  }
}
