import type { FactsByComponent } from '../model/fact.ts'
import { Failure } from '../model/failure.ts'
import type { ChangeIo } from '../model/io.ts'
import type { Action, Kind, Measure, MeasureContext, StepContext } from '../model/kind.ts'
import type { Component, Plan } from '../model/plan.ts'
import { rolesOf } from '../model/roles.ts'
import type { Check, TouchedSide } from '../model/step.ts'
import { programVersion } from '../model/version.ts'
import type { Transport } from '../transport/transport.ts'
import { silentAmong } from './given-up/silent-hosts.ts'
import { withoutSite } from './given-up/without-site.ts'
import type { KeepCalls, StepPart } from './kept-calls.ts'
import type { Dispatch, Work } from './ports.ts'
import { hostsOfSide, sitesOf, undoTouches } from './sides.ts'

/**
 * Joins the kinds, which know what to do, with the transport, which alone does it. `begunBy` is the version of Bascule that began
 * the run: a step of its runbook may have an action that this program no longer has.
 */
export function dispatchThrough(
  kinds: Record<string, Kind>,
  transport: Transport,
  hosts: string[],
  begunBy = programVersion(),
  keepCalls?: KeepCalls,
): Dispatch {
  const actionOf = ({ step }: StepContext): Action => {
    const action = kinds[step.kind]?.actions[step.action]
    if (action !== undefined) return action
    const values = { kind: step.kind, action: step.action, step: step.id, version: begunBy }
    throw new Failure({ key: 'run.noAction', values }, { remedy: { key: 'run.noAction.remedy', values } })
  }
  const withRoles = <C extends { plan: Plan; facts: FactsByComponent }>(context: C) => ({
    ...context,
    roles: rolesOf(context.plan, kinds, context.facts),
  })
  /** No action can forget it: a site that a newer program has claimed refuses before anything is changed there. */
  const claim = async (
    context: StepContext,
    touched: readonly TouchedSide[],
    io: ChangeIo,
  ): Promise<void> => {
    const { claim } = kinds[context.step.kind] ?? {}
    const sites = [...sitesOf(touched)].filter(site => site !== context.without)
    await Promise.all(sites.map(site => claim?.(context, site, io)))
  }
  const ioFor = ({ plan, without }: MeasureContext, work: Work): ChangeIo =>
    withoutSite(transport.ioFor(work), plan, without)
  /** What it does at the hosts is kept, for who wants to see it before a night. */
  async function kept<T>(
    part: StepPart,
    context: StepContext,
    work: Work,
    act: (io: ChangeIo) => Promise<T>,
  ): Promise<T> {
    const step = context.step.id
    const run = work.key.slice(0, -`/${step}`.length)
    const keeping = keepCalls?.({ step, run, mode: context.mode, part })
    const onCall = keeping?.onCall
    const io = ioFor(context, { ...work, ...(onCall && { onCall }) })
    try {
      const result = await act(io)
      keeping?.ended(true)
      return result
    } catch (error) {
      keeping?.ended(false)
      throw error
    }
  }
  return {
    isDone: async (context, work) => actionOf(context).isDone(withRoles(context), ioFor(context, work)),
    apply: (context, work) =>
      kept('apply', context, work, async io => {
        await claim(context, context.step.touches ?? [], io)
        return actionOf(context).apply(withRoles(context), io)
      }),
    async undo(context, work) {
      const action = actionOf(context)
      const undo = (context.without && action.undoWithout?.[context.without]) ?? action.undo
      if (undo === undefined) throw new Failure({ key: 'run.noUndo', values: { step: context.step.id } })
      return kept('undo', context, work, async io => {
        await claim(context, undoTouches(context.step), io)
        return (await undo(withRoles(context), io)) ?? []
      })
    },
    async measure(check, context, work) {
      const { measure, component } = measureOf(kinds, check, context.plan.components)
      return measure.measure(component, withRoles(context), ioFor(context, work))
    },
    async look(component, watch, context, work) {
      const asked = context.plan.components[component]
      const found = kinds[asked?.kind ?? '']?.watches?.[watch]
      if (asked === undefined || found === undefined)
        throw new Failure({ key: 'run.noWatch', values: { component, watch } })
      return found.look(asked, withRoles(context), ioFor(context, work))
    },
    async lookBack(component, context, work) {
      const asked = context.plan.components[component]
      const { returnPath } = kinds[asked?.kind ?? ''] ?? {}
      if (asked === undefined || returnPath === undefined) throw noReturnPath(component)
      return returnPath.look(asked, withRoles(context), ioFor(context, work))
    },
    async repair(context, work) {
      const { returnPath } = kinds[context.step.kind] ?? {}
      if (returnPath === undefined) throw noReturnPath(context.component.id)
      const io = ioFor(context, work)
      if (returnPath.letGo !== undefined) {
        await claim(context, ['target'], io)
        await returnPath.letGo(withRoles(context), io)
      }
      await claim(context, ['source', 'target'], io)
      return returnPath.repair(withRoles(context), io)
    },
    async killOrphanedCommands(key, { plan, without }) {
      const gone = new Set(without === undefined ? [] : hostsOfSide(plan, without))
      return endLeftovers(
        transport,
        key,
        hosts.filter(host => !gone.has(host)),
      )
    },
    silentHosts: (plan, side, work) => silentAmong(hostsOfSide(plan, side), transport, work),
  }
}

const noReturnPath = (component: string): Failure =>
  new Failure({ key: 'run.noReturnPath', values: { component } })

function measureOf(
  kinds: Record<string, Kind>,
  check: Check,
  components: Record<string, Component>,
): { measure: Measure; component: Component } {
  const measure = kinds[check.kind]?.measures[check.measure]
  const component = components[check.component]
  if (measure !== undefined && component !== undefined) return { measure, component }
  throw new Failure({ key: 'run.noMeasure', values: { check: check.id, measure: check.measure } })
}

/**
 * Hosts that cannot be asked are named, not fatal: a rollback must not stand still because a host that has nothing
 * to do with it is down. What its own undo needs fails there, with its own words.
 */
async function endLeftovers(transport: Transport, key: string, hosts: string[]): Promise<string[]> {
  const asked = await Promise.allSettled(hosts.map(host => transport.killOrphanedCommands(key, [host])))
  return hosts.filter((_, index) => asked[index]?.status === 'rejected')
}
