import { hostname } from 'node:os'
import type { Kind } from '../model/kind.ts'
import type { Component, Plan } from '../model/plan.ts'
import { type AuthorityRole, rolesOf } from '../model/roles.ts'
import type { TakeAuthority } from '../run/session.ts'

/**
 * Joins the session with the components that write down at both sites which program may act. `everywhere`: fail if a host is
 * unreachable. A rollback passes false: it must run even when some hosts are down.
 */
export function takeAuthority(kinds: Record<string, Kind>, everywhere: boolean): TakeAuthority {
  return async (state, plan) => {
    const authorities = authoritiesOf(plan, kinds)
    const claimant = {
      planName: plan.name,
      fencingNumber: state.lock.number,
      holder: `${hostname()}:${process.pid}`,
      lineage: state.lock.lineage,
    }
    const io = state.transport.ioFor({ key: 'authority', signal: new AbortController().signal })
    for (const authority of authorities) {
      const { unreachable } = await authority.claim(claimant, io)
      const [first] = unreachable
      if (first && everywhere) throw first.failure
    }
    return {
      check: async without =>
        void (await Promise.all(authorities.map(authority => authority.check(claimant, io, without)))),
    }
  }
}

/** A plan may have no such component: then each kind that can be an authority is asked, with an empty spec. */
function authoritiesOf(plan: Plan, kinds: Record<string, Kind>): AuthorityRole[] {
  const planned = rolesOf(plan, kinds, {})('authority').map(({ value }) => value)
  if (planned.length > 0) return planned
  return Object.values(kinds).flatMap(({ kind, provides }) => {
    const component: Component = {
      ...{ id: kind, kind, title: kind, criticality: 'critical', owner: '', needs: [], spec: {} },
    }
    return provides?.authority?.({ component, plan, facts: {} }) ?? []
  })
}
