import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import { openPlan } from '../../src/plan/load.ts'
import { raiseLab } from '../lab.ts'
import { allParts, demoTtlSeconds } from '../topology.ts'
import type { Lab, LabOptions } from '../types.ts'
import { type LabUsers, letThemCome } from './lab-users.ts'
import { type Bascule, bascule } from './verbs.ts'

/** A laboratory with the TechCorp plan laid over it, users and trainers on the Internet, and the command line at hand. */
export type Stage = {
  lab: Lab
  plan: Plan
  kinds: Record<string, Kind>
  planFiles: string[]
  stateDirectory: string
  environment: Record<string, string>
  run: Bascule['run']
  start: Bascule['start']
  users: LabUsers
}

export type StageOptions = Pick<LabOptions, 'name' | 'size' | 'parts' | 'smallDisks'> & {
  /** YAML laid over the plan, after the lab's own overlay. */
  overlay?: string
  language?: string
  /** Requests of all users, a second. */
  rate?: number
  /** Of these users, and part of the others' names; without a path. */
  ledgerName?: string
}

const planFile = join(import.meta.dirname, '../../examples/techcorp/plan.yaml')

/** Raises the lab and lets users come. The TTL starts low, so that waiting out the old one takes seconds. */
export async function raiseStage(wanted: StageOptions): Promise<Stage> {
  const { name, size, parts = allParts, smallDisks, ...options } = wanted
  const linkMbps = 200
  const lab = await raiseLab({
    ...{ name, size, parts, linkMbps, initialTtlSeconds: demoTtlSeconds },
    ...(smallDisks && { smallDisks }),
  })
  mkdirSync(stateOf(lab), { mode: 0o700 })
  return enterStage(lab, { size, ...options })
}

/** A laboratory that stands, as `--keep` leaves it: its migration goes on, other users come. */
export async function enterStage(lab: Lab, options: Omit<StageOptions, 'name' | 'parts'>): Promise<Stage> {
  const { size, overlay, language, rate = 20, ledgerName } = options
  const stateDirectory = stateOf(lab)
  const overlays = [lab.overlayFile, ...(overlay === undefined ? [] : [writeOverlay(lab, overlay)])]
  const planFiles = [planFile, ...overlays]
  const kinds = await loadKinds()
  const plan = await openPlan(planFiles, kinds)
  const environment = {
    BASCULE_PLAN: planFile,
    BASCULE_OVERLAY: overlays.join(':'),
    BASCULE_STATE: stateDirectory,
    BASCULE_BY: 'demo',
    ...(language !== undefined && { BASCULE_LANG: language }),
  }
  const users = await letThemCome(lab, { size, rate, ...(ledgerName !== undefined && { ledgerName }) })
  return { lab, plan, kinds, planFiles, stateDirectory, environment, ...bascule(environment), users }
}

/** The same migration on another machine: only plan, overlay and ssh are there; the state directory is not made yet. */
export function elsewhere(stage: Stage, name: string): Stage {
  const stateDirectory = join(stage.lab.directory, name)
  const environment = { ...stage.environment, BASCULE_STATE: stateDirectory, BASCULE_BY: 'elsewhere' }
  return { ...stage, stateDirectory, environment, ...bascule(environment) }
}

const stateOf = (lab: Lab): string => join(lab.directory, 'state')

function writeOverlay(lab: Lab, text: string): string {
  const file = join(lab.directory, 'night-overlay.yaml')
  writeFileSync(file, text)
  return file
}
