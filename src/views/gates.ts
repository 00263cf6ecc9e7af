import type { Threshold } from '../model/plan.ts'
import type { CheckState, GateState } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import type { Check, Gate } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { checkEnded, isExcused } from '../run/decide-gate.ts'
import { amountText, unitText } from './figures.ts'
import type { Formatter } from './formatter.ts'
import { beginsNothingNew, type RunView } from './run-view.ts'

export type CheckRow = {
  id: string
  gate: GateId
  component: string
  kind: string
  title: Text
  threshold: Threshold
  onFailure: Check['onFailure']
  /** `not-measured`: it was not reached, and the run begins nothing any more. */
  state: CheckState['status'] | 'not-measured'
  attempt: number
  /** It will not be measured again by itself. */
  ended: boolean
  /** It asks a site that the run does without: the order to go on answers it. */
  excused: boolean
  at?: string
  value?: number
  unit: string
  figures?: CheckState['figures']
  detail?: Text[]
  unverified?: boolean
  failure?: Text
}
export type SignoffRow = {
  role: string
  /** `not-given`: it is not asked for any more. */
  state: 'go' | 'no-go' | 'awaited' | 'not-given'
  decision?: 'go' | 'no-go'
  by?: string
  at?: string
  note?: string
}
export type GateRow = {
  id: GateId
  title: Text
  /** `not-passed`: it was reached, and the run was rolled back before it passed. */
  state: 'ahead' | 'checking' | 'blocked' | 'waiting' | 'refused' | 'not-passed' | 'open'
  reachedAt?: string
  openedAt?: string
  checks: CheckRow[]
  signoffs: SignoffRow[]
  missing: string[]
}

export const gateSymbols: Record<GateRow['state'], string> = {
  ahead: '◇',
  checking: '◈',
  blocked: '✖',
  waiting: '◆',
  refused: '✖',
  'not-passed': '−',
  open: '✔',
}

export const signoffSymbols: Record<SignoffRow['state'], string> = {
  go: '✔',
  'no-go': '✖',
  awaited: '○',
  'not-given': '−',
}

export const checkSymbols: Record<CheckRow['state'], string> = {
  waiting: '○',
  'not-measured': '−',
  running: '▶',
  interrupted: '!',
  passed: '✔',
  failed: '✖',
}

export function gateRows(runView: RunView): GateRow[] {
  const { run } = runView
  return runView.runbook.gates.map(gate => gateRow(gate, run?.gates[gate.id], beginsNothingNew(run)))
}

function gateRow(gate: Gate, state: GateState | undefined, isOver: boolean): GateRow {
  const checks = gate.checks.map(check => checkRow(gate.id, check, state?.checks[check.id], isOver))
  const signoffs = gate.signoffs.map((role): SignoffRow => {
    const given = state?.signoffs[role]
    return { role, state: given?.decision ?? (isOver ? 'not-given' : 'awaited'), ...given }
  })
  const missing = signoffs.filter(signoff => signoff.decision === undefined).map(signoff => signoff.role)
  return {
    id: gate.id,
    title: gate.title,
    state: stateOf(state, checks, signoffs, isOver),
    ...(state?.reachedAt ? { reachedAt: state.reachedAt } : {}),
    ...(state?.openedAt ? { openedAt: state.openedAt } : {}),
    checks,
    signoffs,
    missing,
  }
}

function stateOf(
  state: GateState | undefined,
  checks: CheckRow[],
  signoffs: SignoffRow[],
  isOver: boolean,
): GateRow['state'] {
  if (state?.openedAt) return 'open'
  if (signoffs.some(signoff => signoff.decision === 'no-go')) return 'refused'
  // A role may sign before its gate is reached: the sign-off is kept, the gate is still ahead.
  if (!state?.reachedAt) return 'ahead'
  const isBlocked = checks.some(
    check => check.ended && check.state === 'failed' && check.onFailure !== 'alert' && !check.excused,
  )
  if (isOver) return isBlocked ? 'blocked' : 'not-passed'
  if (checks.some(check => !check.ended)) return 'checking'
  if (isBlocked) return 'blocked'
  return 'waiting'
}

function checkRow(gate: GateId, check: Check, state: CheckState | undefined, isOver: boolean): CheckRow {
  const status = state?.status ?? 'waiting'
  return {
    id: check.id,
    gate,
    component: check.component,
    kind: check.kind,
    title: check.title,
    threshold: check.threshold,
    onFailure: check.onFailure,
    state: isOver && status === 'waiting' ? 'not-measured' : status,
    attempt: state?.attempt ?? 0,
    ended: state !== undefined && checkEnded(check, state),
    excused: state !== undefined && isExcused(state),
    ...(state?.at === undefined ? {} : { at: state.at }),
    ...(state?.value === undefined ? {} : { value: state.value }),
    unit: state?.unit ?? check.unit,
    ...(state?.figures === undefined ? {} : { figures: state.figures }),
    ...(state?.detail === undefined ? {} : { detail: state.detail }),
    ...(state?.unverified === undefined ? {} : { unverified: state.unverified }),
    ...(state?.failure === undefined ? {} : { failure: state.failure.text }),
  }
}

/** e.g. `≥ 150`, `< 5 GB`, `= 0`; bytes are written as such, other units stand beside the measured value. */
export function thresholdText(threshold: Threshold, unit: string, formatter: Formatter): string {
  const figure = (value: number) => amountText(value, unit === 'B' ? unit : '', formatter)
  if ('atLeast' in threshold) return `≥ ${figure(threshold.atLeast)}`
  if ('below' in threshold) return `< ${figure(threshold.below)}`
  return `= ${figure(threshold.equals)}`
}

/** e.g. `187 Mbit/s (threshold ≥ 150)`; what was not measured says so, and is never shown as a match. */
export function checkFigure(check: CheckRow, formatter: Formatter): string {
  const threshold = thresholdText(check.threshold, check.unit, formatter)
  if (check.value === undefined || check.unverified) {
    const key = check.unverified ? 'views.check.unverified' : 'views.check.unmeasured'
    const limit = `${threshold}${check.unit === 'B' ? '' : unitText(check.unit, formatter)}`
    const values = { value: formatter.say({ key }), threshold: limit }
    return formatter.say({ key: 'views.check.figure', values })
  }
  const value = amountText(check.value, check.unit, formatter)
  return formatter.say({ key: 'views.check.figure', values: { value, threshold } })
}
