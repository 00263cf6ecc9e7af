import { z } from 'zod'
import { Failure } from '../../model/failure.ts'
import { secondsBetween } from '../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { typed } from '../kit/by-hand.ts'
import type { Order, UnitState } from '../kit/managers.ts'
import { until } from '../kit/until.ts'
import { commandMarginSeconds, healthyOrDown, named, settleSeconds, stillThere } from './control.ts'
import { askHealth } from './health.ts'
import { type ManagedSide, unitsOf } from './sides.ts'

/** How a unit was before the migration touched it. */
const unitRecord = z.object({ running: z.boolean(), enabled: z.boolean(), blocked: z.boolean() })
export const unitRecords = z.record(z.string(), unitRecord)
export type UnitRecord = z.infer<typeof unitRecord>
export type UnitRecords = z.infer<typeof unitRecords>

/** Of every unit of the service, in the order in which they are stopped and started. */
export async function lookAt(at: ManagedSide, io: ReadIo): Promise<[string, UnitState][]> {
  const look = async (unit: string): Promise<[string, UnitState]> => [
    unit,
    at.manager.readLook(await io.read(at.host.ssh, at.manager.look(unit), { allowFailure: true })),
  ]
  return Promise.all(unitsOf(at).map(look))
}

/**
 * Every unit refuses to be started, then is stopped, which is proven by what the manager says and by the service's own silence.
 * Nothing is killed. `step`: the step that is retried when that fails.
 */
export async function blockAndStop(at: ManagedSide, step: string, io: ChangeIo): Promise<void> {
  for (const [unit, state] of await lookAt(at, io))
    if (isOpen(state)) await give(at, at.manager.block(unit), io)
  await stopUnits(at, unitsOf(at), step, io)
  const open = (await lookAt(at, io)).flatMap(([unit, state]) => (isOpen(state) ? [unit] : []))
  if (open.length > 0)
    throw new Failure(
      { key: 'service.stop.notBlocked', values: { ...named(at), units: open.join(', ') } },
      { remedy: remedyOf(at, open, step) },
    )
  await proveSilent(at, step, io)
}

/** A service whose units are down may still be there: started past its manager, or by another. */
async function proveSilent(at: ManagedSide, step: string, io: ReadIo): Promise<void> {
  const look = async () => {
    const health = await askHealth(at, io)
    return health.answers ? { waiting: health } : { done: health }
  }
  const remedy = { key: 'service.stop.remedy' as const, values: remedyOf(at, [at.unit], step).values }
  await until(io, look, {
    seconds: settleSeconds,
    otherwise: health => new Failure(stillThere(at, health), { remedy }),
  })
}

const isOpen = ({ installed, block }: UnitState): boolean => installed && block !== 'whole'

/** Blocked, down and silent, whoever has tried to start it since. */
export async function isBlockedAndDown(at: ManagedSide, io: ReadIo): Promise<boolean> {
  const states = await lookAt(at, io)
  if (states.some(([, state]) => state.running || isOpen(state))) return false
  return !(await askHealth(at, io)).answers
}

/** As they are wanted, the service itself running and healthy. */
export async function areUp(at: ManagedSide, wanted: UnitRecords, io: ReadIo): Promise<boolean> {
  const states = await lookAt(at, io)
  const isUp = ([unit, { running, enabled, block }]: [string, UnitState]) =>
    block === 'none' && (running || !wanted[unit]?.running) && (enabled || !wanted[unit]?.enabled)
  return states.every(isUp) && (await askHealth(at, io)).healthy
}

/**
 * Starts the service and, before it, the other units that are wanted, and comes back when it is healthy: how long that took, in
 * seconds. What will not come up is stopped again, so that the next attempt is a fresh one.
 */
export async function startUnits(
  at: ManagedSide,
  wanted: UnitRecords,
  step: string,
  io: ChangeIo,
): Promise<number> {
  const from = io.now()
  for (const [unit, { block }] of await lookAt(at, io))
    if (block !== 'none') await give(at, at.manager.unblock(unit), io)
  for (const [unit, { enabled }] of await lookAt(at, io))
    if (wanted[unit]?.enabled && !enabled) await io.change(at.host.ssh, at.manager.enable(unit))
  const started = unitsOf(at).filter(unit => wanted[unit]?.running)
  for (const unit of started) await io.change(at.host.ssh, at.manager.start(unit))
  await healthyOrDown(at, io, () => stopUnits(at, started, step, io))
  return secondsBetween(from, io.now())
}

/** Each unit as it was: blocked, enabled and running, or not. What ran is not yet waited for; where nothing did, nothing answers. */
export async function restoreUnits(
  at: ManagedSide,
  was: UnitRecords,
  step: string,
  io: ChangeIo,
): Promise<void> {
  const host = at.host.ssh
  const installed = (await lookAt(at, io)).filter(([, state]) => state.installed)
  for (const [unit, state] of installed) {
    if (was[unit]?.blocked && isOpen(state)) await give(at, at.manager.block(unit), io)
    if (!was[unit]?.blocked && state.block !== 'none') await give(at, at.manager.unblock(unit), io)
  }
  const down = installed.flatMap(([unit, { running }]) => (running && !was[unit]?.running ? [unit] : []))
  await stopUnits(at, down, step, io)
  for (const [unit, { installed: isThere, enabled }] of await lookAt(at, io))
    if (isThere && was[unit] && was[unit].enabled !== enabled)
      await io.change(host, enabled ? at.manager.disable(unit) : at.manager.enable(unit))
  for (const [unit, { running }] of installed)
    if (!running && was[unit]?.running) await io.change(host, at.manager.start(unit))
  // A socket that ran before answers for its service.
  if (!Object.values(was).some(({ running }) => running)) await proveSilent(at, step, io)
}

async function give(at: ManagedSide, orders: readonly Order[], io: ChangeIo): Promise<void> {
  for (const { argv, input } of orders)
    await io.change(at.host.ssh, argv, { ...(input !== undefined && { input }) })
}

/** One after the other. Throws Failure, with what still runs, when that takes too long. */
export async function stopUnits(
  at: ManagedSide,
  units: readonly string[],
  step: string,
  io: ChangeIo,
): Promise<void> {
  if (units.length === 0) return
  const { stopSeconds } = at.spec
  const limit = String(Math.ceil(stopSeconds) + commandMarginSeconds)
  const allowFailure = true
  for (const unit of units) {
    // A manager that waits longer than the plan allows is left to its waiting: what counts is the state.
    const stop = ['timeout', '--kill-after=2', limit, ...at.manager.stop(unit, stopSeconds)]
    await io.change(at.host.ssh, stop, { allowFailure })
  }
  const look = async () => {
    const states = await lookAt(at, io)
    const left = states.flatMap(([unit, { running }]) => (running && units.includes(unit) ? [unit] : []))
    return left.length > 0 ? { waiting: left } : { done: [] }
  }
  const left = await until(io, look, {
    seconds: settleSeconds,
    longestPauseSeconds: 0.2,
    otherwise: waiting => ({ done: waiting }),
  })
  if (left.length === 0) return
  const seen = left.map(async unit => {
    const { stdout } = await io.read(at.host.ssh, at.manager.processes(unit), { allowFailure })
    return stdout.trim()
  })
  const processes = (await Promise.all(seen)).join('\n')
  const values = { ...named(at), units: left.join(', '), seconds: stopSeconds, processes }
  throw new Failure({ key: 'service.stop.unitsStillRunning', values }, { remedy: remedyOf(at, left, step) })
}

const remedyOf = (at: ManagedSide, units: readonly string[], step: string) => ({
  key: 'service.stop.unitsRemedy' as const,
  values: {
    host: at.host.ssh,
    command: typed(...units.map(unit => at.manager.status(unit))),
    kill: typed(...units.map(unit => at.manager.kill(unit))),
    step,
  },
})
