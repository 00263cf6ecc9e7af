import type { Run } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import { withCheck } from './fold-gate.ts'
import { withStep } from './fold-step.ts'

/** What has failed begins again: those steps, and each check of a gate that is not open, for its cause may be gone. */
export function tryAgain(run: Run, isMeant: (step: string) => boolean = () => true): Run {
  let changed = run
  for (const [step, { status }] of Object.entries(run.steps)) {
    if (status === 'failed' && isMeant(step))
      changed = withStep(changed, step, { status: 'waiting', failures: 0 })
  }
  for (const [gate, { openedAt, checks }] of Object.entries(run.gates)) {
    if (openedAt !== undefined) continue
    for (const [check, { status }] of Object.entries(checks)) {
      if (status === 'failed')
        changed = withCheck(changed, gate as GateId, check, { status: 'waiting', failures: 0 })
    }
  }
  return changed
}
