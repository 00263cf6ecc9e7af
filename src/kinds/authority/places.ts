import { Failure } from '../../model/failure.ts'
import type { Plan, SiteSide } from '../../model/plan.ts'
import type { AuthoritySpec } from './spec.ts'

/** The ssh names of the hosts that are told who has authority, by side. */
export type Hosts = Record<SiteSide, string[]>

/** Throws Failure when the plan names a host that the site does not have. */
export function hostsOf({ spec, plan }: { spec: AuthoritySpec; plan: Plan }): Hosts {
  const of = (side: SiteSide): string[] => {
    const { hosts, hostOrder = Object.keys(hosts) } = plan.sites[side]
    const names = (spec.hosts?.[side] ?? hostOrder).map(name => {
      const host = hosts[name]
      if (host) return host.ssh
      throw new Failure({
        key: 'authority.unknownHost',
        values: { host: name, site: plan.sites[side].title, known: Object.keys(hosts).join(', ') },
      })
    })
    return [...new Set(names)]
  }
  return { source: of('source'), target: of('target') }
}

export const allOf = (hosts: Hosts): string[] => [...new Set([...hosts.source, ...hosts.target])]

export const directoryOf = (planName: string): string => `/var/lib/bascule/${planName}`
export const fileOf = (planName: string): string => `${directoryOf(planName)}/authority.json`
/** A file for each seal of the journal, named by its number of entries, and one for each key. */
export const sealsOf = (planName: string): string => `${directoryOf(planName)}/seals`
/** Line by line, in the order in which the entries were written. */
export const copyOf = (planName: string): string => `${directoryOf(planName)}/journal.jsonl`
