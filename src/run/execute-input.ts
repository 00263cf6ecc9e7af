import type { Entry, Outcome } from '../model/event.ts'
import type { Progress } from '../model/io.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import type { Watched } from './line-monitor.ts'
import type { Ports } from './ports.ts'

export type ExecuteInput = {
  plan: Plan
  runbook: Runbook
  run: string
  ports: Ports
  /** What is looked at for as long as the run lasts. */
  watched?: Watched[]
  /** How often each return path is looked at from the reopening on, by component. */
  returnPathSeconds?: Record<string, number>
  /** False: end with `waiting` as soon as only people are waited for. */
  waitForPeople?: boolean
  /** Fires when the program is asked to end: what runs is ended, nothing is rolled back, the run can be resumed. */
  stop?: AbortSignal
  onEntry?: (entry: Entry, run: Run) => void
  onProgress?: (step: string, progress: Progress) => void
}
export type Ended = Outcome | 'stopped' | 'waiting'
