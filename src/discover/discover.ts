import type { Kind } from '../model/kind.ts'
import { type Component, componentsOf } from './components.ts'
import { sitesOf } from './hosts.ts'
import { leftoversOf, type Section } from './leftovers.ts'
import { discoveredPage } from './page.ts'
import { draftedPlan } from './plan.ts'
import { type HostOutput, hostSeen } from './seen.ts'
import type { Question, Say } from './written.ts'

export type Discovered = {
  plan: string
  page: string
  components: readonly Component[]
  questions: readonly Question[]
  sections: readonly Section[]
}

/** Plan and page of what the hosts printed. Pure: the same output always gives the same. */
export function discover(
  outputs: readonly HostOutput[],
  kinds: Record<string, Kind>,
  zone: string,
  sshConfig: string | undefined,
  say: Say,
): Discovered {
  const sites = sitesOf(outputs.map(output => hostSeen(output, kinds)))
  const { components, leftOut, withheld } = componentsOf(sites)
  const { text, questions } = draftedPlan(sites, components, { zone, sshConfig }, say)
  const sections = leftoversOf(sites, components, leftOut, withheld)
  return {
    plan: text,
    page: discoveredPage(components, questions, sections, say),
    components,
    questions,
    sections,
  }
}
