import { imageBytes, type MachineFacts } from '../../facts.ts'
import {
  compareSeconds,
  copiedBytesPerSecond,
  hashedBytesPerSecond,
  shutdownSeconds,
  startSeconds,
  travelSeconds,
} from '../../machine/disk-rates.ts'
import type { MachineSpec } from '../../spec.ts'

/** Of a day's writes, what is left for the night when a delta went shortly before. */
const hoursSinceLastDelta = 2
/** Asking PVE, starting ssh, rsync and QEMU's tools: what a delta takes when nothing changed. */
const deltaOverheadSeconds = 6

/** Seconds and bytes of this way's steps, from sizes, churn and the link's rate. */
export function forecast(machine: MachineFacts, linkMbps: number, spec: MachineSpec) {
  const image = imageBytes(machine)
  const day = Math.min(machine.churnBytesPerDay, image)
  const windowBytes = Math.round((day / 24) * hoursSinceLastDelta)
  const seedMbps = Math.min(linkMbps, spec.bandwidthLimitMbps ?? linkMbps)
  const copySeconds = (bytes: number) => (2 * bytes) / copiedBytesPerSecond + bytes / hashedBytesPerSecond
  const deltaSeconds = (bytes: number) =>
    Math.ceil(deltaOverheadSeconds + copySeconds(bytes) + travelSeconds(bytes, linkMbps))
  const steps = {
    seed: Math.ceil(10 + copySeconds(image) + travelSeconds(image, seedMbps)),
    delta: deltaSeconds(day),
    'final-delta': deltaSeconds(windowBytes),
    compare: compareSeconds(machine),
    'way-back': 2,
  }
  const cutSeconds = shutdownSeconds + steps['final-delta'] + steps.compare + steps['way-back'] + startSeconds
  return { cutSeconds, windowBytes, steps }
}
