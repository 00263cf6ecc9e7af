import type { Component } from '../../model/plan.ts'
import type { RoleLookup } from '../../model/roles.ts'
import { linkRate } from '../kit/link-rate.ts'
import type { FilesFacts } from './facts.ts'
import type { FilesSpec } from './spec.ts'

/** Of the link's rate, by measure (rsync over ssh, 100 000 files): 85 to 94 %. */
const linkUse = 0.85
/** Computed with where nobody knows the link's rate; a finding says so. */
export const assumedMbps = 100
/** Entries a second that rsync walks and compares over the link, cold metadata included. */
const walkedPerSecond = 35_000
/** Bytes a second read and hashed at both ends at once. */
const hashedBytesPerSecond = 150e6
/** Starting ssh and rsync at both ends. */
const startSeconds = 1

/** How long each part of the work should take, in whole seconds. */
export type Work = {
  firstSyncSeconds: number
  /** Of `firstSyncSeconds` and `finalDeltaSeconds`, those that sending takes. */
  firstSendSeconds: number
  proveSeconds: number
  walkSeconds: number
  finalDeltaSeconds: number
  finalSendSeconds: number
  compareSeconds: number
}

type About = { component: Component; spec: FilesSpec; facts: FilesFacts; roles: RoleLookup }

/** From what was audited; from the size the plan declares where nothing was. The last delta is taken to be a day's. */
export function workFor({ component, spec, facts, roles }: About): Work {
  const bytes = facts.bytes ?? component.declaredSizeBytes?.to ?? 0
  const churnBytes = facts.churnBytes ?? 0
  const entries = facts.files ?? 0
  const mbps = linkRate(roles)?.mbps ?? assumedMbps
  const limitMbps = spec.bandwidthLimitMbps ?? mbps
  const walkSeconds = startSeconds + entries / walkedPerSecond
  const firstSendSeconds = sendSeconds(bytes, Math.min(mbps, limitMbps))
  const finalSendSeconds = sendSeconds(churnBytes, mbps)
  return inWholeSeconds({
    firstSyncSeconds: 2 * walkSeconds + firstSendSeconds,
    firstSendSeconds,
    proveSeconds: walkSeconds + bytes / hashedBytesPerSecond,
    walkSeconds,
    finalDeltaSeconds: walkSeconds + finalSendSeconds,
    finalSendSeconds,
    compareSeconds: 2 * startSeconds + churnBytes / hashedBytesPerSecond,
  })
}

const sendSeconds = (bytes: number, mbps: number): number => (bytes * 8) / (mbps * 1e6 * linkUse)

const inWholeSeconds = (work: Work): Work =>
  Object.fromEntries(Object.entries(work).map(([name, seconds]) => [name, Math.ceil(seconds)])) as Work
