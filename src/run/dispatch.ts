import { Failure } from '../model/failure.ts'
import type { Action, Kind, Measure, StepContext } from '../model/kind.ts'
import type { Component } from '../model/plan.ts'
import type { Check } from '../model/step.ts'
import type { Transport } from '../transport/transport.ts'
import type { Dispatch } from './ports.ts'

/** Joins the kinds, which know what to do, with the transport, which alone does it. */
export function dispatchThrough(
  kinds: Record<string, Kind>,
  transport: Transport,
  hosts: string[],
): Dispatch {
  const actionOf = ({ step }: StepContext): Action => {
    const action = kinds[step.kind]?.actions[step.action]
    if (action !== undefined) return action
    throw new Failure({ key: 'run.noAction', values: { kind: step.kind, action: step.action } })
  }
  return {
    isDone: async (context, work) => actionOf(context).isDone(context, transport.ioFor(work)),
    apply: async (context, work) => actionOf(context).apply(context, transport.ioFor(work)),
    async undo(context, work) {
      const { undo } = actionOf(context)
      if (undo === undefined) throw new Failure({ key: 'run.noUndo', values: { step: context.step.id } })
      return (await undo(context, transport.ioFor(work))) ?? []
    },
    async measure(check, context, work) {
      const { measure, component } = measureOf(kinds, check, context.plan.components)
      return measure.measure(component, context, transport.ioFor(work))
    },
    async look(component, watch, context, work) {
      const asked = context.plan.components[component]
      const found = kinds[asked?.kind ?? '']?.watches?.[watch]
      if (asked === undefined || found === undefined)
        throw new Failure({ key: 'run.noWatch', values: { component, watch } })
      return found.look(asked, context, transport.ioFor(work))
    },
    killOrphanedCommands: key => endLeftovers(transport, key, hosts),
  }
}

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
