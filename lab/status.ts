import { describeLab } from './open.ts'
import { claimedIndex, labNames, readState } from './state.ts'
import { hostsOf } from './topology.ts'
import type { Lab } from './types.ts'

export type LabStatus = {
  name: string
  /** `absent`: nothing of it is there. `partial`: a raising that did not end, or a host that is gone. */
  state: 'absent' | 'partial' | 'up'
  /** Hosts that should run and do not. */
  missing: string[]
  lab?: Lab
}

/** What there is of a lab. Changes nothing. */
export function labStatus(name: string): LabStatus {
  const state = readState(name)
  if (claimedIndex(name) === undefined) return { name, state: 'absent', missing: [] }
  if (!state) return { name, state: 'partial', missing: [] }
  const lab = describeLab(state)
  const missing = hostsOf(state.index, state.parts)
    .map(host => host.name)
    .filter(host => !lab.hosts[host])
  return { name, state: state.ready && missing.length === 0 ? 'up' : 'partial', missing, lab }
}

/** Every lab there is something of, on this machine. */
export const allLabs = (): LabStatus[] => labNames().map(labStatus)
