import { setTimeout as wait } from 'node:timers/promises'
import type { Order } from '../../src/model/event.ts'
import type { Run } from '../../src/model/run.ts'
import type { GateId } from '../../src/model/stage.ts'
import { sendOrder } from '../../src/run/orders.ts'
import type { Lab } from '../types.ts'
import type { Fault } from './faults.ts'
import { journalStamp } from './journal-stamp.ts'
import { lastRun } from './last-run.ts'

/** A GO is refused while a check is being measured again; it is then said again. */
const sayAgainMilliseconds = 3000

type Roles = Record<GateId, { role: string; name: string }[]>

/**
 * The team of the night: each says GO as soon as the checks of a gate have passed and it is asked for, through the same inbox as
 * `bascule go`. The fault, if there is one, happens on time.
 */
export async function beThere(
  lab: Lab,
  stateDirectory: string,
  roles: Roles,
  fault: Fault | undefined,
  signal: AbortSignal,
): Promise<void> {
  const said = new Map<string, number>()
  let caused = fault?.cause === undefined
  let seen = { stamp: '', atMilliseconds: 0 }
  const isNews = (): boolean => {
    const now = { stamp: journalStamp(stateDirectory), atMilliseconds: Date.now() }
    if (now.stamp === seen.stamp && now.atMilliseconds - seen.atMilliseconds < sayAgainMilliseconds)
      return false
    seen = now
    return true
  }
  let beside: Promise<unknown> = Promise.resolve()
  let failed: unknown
  while (!signal.aborted) {
    if (failed !== undefined) throw failed
    const run = isNews() ? lastRun(stateDirectory) : undefined
    if (run !== undefined && run.mode === 'live' && run.outcome === undefined) {
      if (!caused && isTime(fault, run)) {
        caused = true
        const causing = fault?.cause?.(lab, { stateDirectory })
        if (fault?.beside) beside = Promise.resolve(causing).catch((error: unknown) => (failed = error))
        else await causing
      }
      if (caused || fault?.when === 'after-go') decide(stateDirectory, run, roles, fault, said)
    }
    await wait(100, undefined, { signal }).catch(() => {})
  }
  await beside
}

function isTime(fault: Fault | undefined, { gates }: Run): boolean {
  if (fault?.when === 'after-go') return gates.go?.openedAt !== undefined
  const checks = Object.values(gates.go?.checks ?? {})
  return checks.length > 0 && checks.every(check => check.status === 'passed' || check.status === 'failed')
}

function decide(
  directory: string,
  run: Run,
  roles: Roles,
  fault: Fault | undefined,
  said: Map<string, number>,
): void {
  for (const [gate, state] of Object.entries(run.gates) as [GateId, Run['gates'][GateId]][]) {
    if (state === undefined || state.openedAt !== undefined || run.rollback !== undefined) continue
    const checks = Object.values(state.checks)
    if (checks.length === 0 || checks.some(check => check.status === 'running')) continue
    for (const { role, name } of roles[gate]) {
      const id = `${run.id} ${gate} ${role}`
      if (state.signoffs[role] !== undefined || Date.now() - (said.get(id) ?? 0) < sayAgainMilliseconds)
        continue
      said.set(id, Date.now())
      for (const order of ordersOf(fault, run, gate, role)) {
        sendOrder(directory, run.id, order, name, new Date().toISOString())
      }
    }
  }
}

/** A NO-GO in a hold has a GO of the same person right behind it, which must not take it back. */
function ordersOf(fault: Fault | undefined, { held }: Run, gate: GateId, role: string): Order[] {
  const refuses = fault?.refuses
  if (refuses?.gate !== gate || refuses.role !== role) return [{ do: 'go', gate, role }]
  const noGo: Order = { do: 'no-go', gate, role, note: refuses.note }
  if (!refuses.inHold) return [noGo]
  return held === undefined ? [{ do: 'hold', reason: refuses.note }] : [noGo, { do: 'go', gate, role }]
}
