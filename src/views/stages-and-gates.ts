import { gateBefore, type StageId, stages } from '../model/stage.ts'
import { type GateRow, gateRows } from './gates.ts'
import { isComplete, isUndone, type StepRow, stepRows } from './rows.ts'
import type { RunView } from './run-view.ts'

/**
 * The runbook as people read it: stages in order, each gate in front of its stage. `done` counts the undone when the
 * stage is on its way back.
 */
export type StageOrGate =
  | { type: 'gate'; gate: GateRow }
  | { type: 'stage'; stage: StageId; state: StageState; steps: StepRow[]; done: number }
export type StageState = 'waiting' | 'not-executed' | 'running' | 'done' | 'failed' | 'undoing' | 'undone'

export function stagesAndGates(runView: RunView): StageOrGate[] {
  const steps = stepRows(runView)
  const gates = gateRows(runView)
  return stages.flatMap(({ id }): StageOrGate[] => {
    const ofStage = steps.filter(step => step.stage === id)
    const before = gates.filter(gate => gateBefore[gate.id] === id)
    const shown: StageOrGate[] = before.map(gate => ({ type: 'gate', gate }))
    if (ofStage.length > 0) {
      const state = stageState(ofStage)
      const goingBack = state === 'undoing' || state === 'undone'
      const done = ofStage.filter(step => (goingBack ? isUndone(step.state) : isComplete(step.state))).length
      shown.push({ type: 'stage', stage: id, state, steps: ofStage, done })
    }
    return shown
  })
}

export function stageState(steps: StepRow[]): StageState {
  const states = steps.map(step => step.state)
  if (states.includes('failed') || states.includes('undo-failed')) return 'failed'
  if (states.includes('undoing') || states.includes('undo-interrupted')) return 'undoing'
  if (states.some(isUndone)) return 'undone'
  if (states.every(state => state === 'not-executed')) return 'not-executed'
  // of what was begun, when the run was rolled back in the middle of the stage
  if (states.every(state => isComplete(state) || state === 'not-executed')) return 'done'
  if (states.every(state => state === 'waiting')) return 'waiting'
  return 'running'
}
