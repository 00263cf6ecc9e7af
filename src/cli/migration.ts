import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import { openPlan } from '../plan/load.ts'
import type { Formatter } from '../views/formatter.ts'
import type { CommandContext } from './command-context.ts'
import { stateDirectory } from './state.ts'

/** What a verb that is about one migration starts from. */
export type Migration = {
  plan: Plan
  kinds: Record<string, Kind>
  stateDirectory: string
  formatter: Formatter
}

/** Reads the plan with its overlays. Throws PlanRefused (exit code 2) with every error in it. */
export async function openMigration(context: CommandContext): Promise<Migration> {
  const kinds = await context.kinds()
  const plan = await openPlan([context.options.plan, ...context.options.overlay], kinds)
  return {
    plan,
    kinds,
    stateDirectory: stateDirectory(context, plan.name),
    formatter: context.formatter(plan),
  }
}
