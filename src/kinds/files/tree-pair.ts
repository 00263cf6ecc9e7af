import { Failure } from '../../model/failure.ts'
import type { Component, Host, Plan, SiteSide } from '../../model/plan.ts'
import type { FilesSpec } from './spec.ts'

/** One end of the copy. `ssh` is for Bascule, `address` for the other end. */
export type End = { ssh: string; address: string; become: Host['become']; path: string }
/** The two trees of a component and where its working files lie, at both hosts. */
export type TreePair = { component: string; spec: FilesSpec; source: End; target: End; workDirectory: string }

type TreesOf = { component: Pick<Component, 'id'>; spec: FilesSpec; plan: Plan }

/** Throws Failure when a host is not among the site's. */
export function treePairOf({ component, spec, plan }: TreesOf): TreePair {
  return {
    component: component.id,
    spec,
    source: endOf(component, plan, 'source', spec.source),
    target: endOf(component, plan, 'target', spec.target),
    workDirectory: `/var/lib/bascule/${plan.name}`,
  }
}

function endOf(component: TreesOf['component'], plan: Plan, side: SiteSide, place: FilesSpec['source']): End {
  const host = plan.sites[side].hosts[place.host]
  if (host === undefined) {
    throw new Failure({
      key: 'files.unknownHost',
      values: { component: component.id, side, host: place.host },
    })
  }
  return { ssh: host.ssh, address: host.address, become: host.become, path: place.path }
}

/** A working file of this component, the same path at either host. */
export const workFile = (trees: TreePair, name: string): string =>
  `${trees.workDirectory}/files-${trees.component}.${name}`
