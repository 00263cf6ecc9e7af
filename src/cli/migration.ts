import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import { openPlan } from '../plan/load.ts'
import type { Voice } from '../views/voice.ts'
import type { Desk } from './desk.ts'
import { stateDirectory } from './state.ts'

/** What a verb that is about one migration starts from. */
export type Migration = { plan: Plan; kinds: Record<string, Kind>; stateDirectory: string; voice: Voice }

/** Reads the plan with its overlays. Throws PlanRefused (exit code 2) with every error in it. */
export async function openMigration(desk: Desk): Promise<Migration> {
  const kinds = await desk.kinds()
  const plan = await openPlan([desk.options.plan, ...desk.options.overlay], kinds)
  return { plan, kinds, stateDirectory: stateDirectory(desk, plan.name), voice: desk.voice(plan) }
}
