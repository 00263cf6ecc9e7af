import { hostname } from 'node:os'
import { checkAuthority, claimAuthority } from '../kinds/authority/claim.ts'
import { kind as authorityKind } from '../kinds/authority/index.ts'
import { hostsOf } from '../kinds/authority/places.ts'
import type { Component, Plan } from '../model/plan.ts'
import type { TakeAuthority } from '../run/session.ts'

/**
 * Joins the session with the kind that writes down at both sites which program may act. `everywhere`: a host that cannot be
 * told is an error; without it the run goes on, because the way back may be all that is left to do.
 */
export function takeAuthority(everywhere: boolean): TakeAuthority {
  return async (state, plan) => {
    const hosts = hostsOf(authorityComponent(plan), plan)
    const claimant = {
      planName: plan.name,
      fencingNumber: state.lock.number,
      holder: `${hostname()}:${process.pid}`,
      lineage: state.lock.lineage,
    }
    const io = state.transport.ioFor({ key: 'authority', signal: new AbortController().signal })
    const { unreachable } = await claimAuthority(hosts, claimant, plan.sites.source.id, io)
    const [first] = unreachable
    if (first && everywhere) throw first.failure
    return { check: () => checkAuthority(hosts, claimant, io) }
  }
}

/** A plan may leave the component out: then every host of both sites is told. */
function authorityComponent(plan: Plan): Component {
  const planned = Object.values(plan.components).find(component => component.kind === authorityKind.kind)
  const { kind } = authorityKind
  return planned ?? { id: kind, kind, title: kind, criticality: 'critical', owner: '', needs: [], spec: {} }
}
