import { imageBytes, type MachineFacts } from '../../machine/facts.ts'
import type { MachineSpec } from '../../spec.ts'
import type { WayForecast } from '../way.ts'

/** Of the link's rate, by measure: rsync over ssh. */
const linkUse = 0.85
/** Read and hashed at each end. */
const hashedBytesPerSecond = 250e6
/** Written into an image, or copied within a hypervisor. */
const copiedBytesPerSecond = 200e6
/** Of a day's writes, what is left for the night when a delta went shortly before. */
const hoursSinceLastDelta = 2
/** Asking PVE, starting ssh, rsync and QEMU's tools: what a delta takes when nothing changed. */
const deltaOverheadSeconds = 6
const compareOverheadSeconds = 3
/** A clean shutdown, and a start until the guest's services answer. */
const shutdownSeconds = 5
const startSeconds = 20

/** Seconds and bytes of this way's steps, from sizes, churn and the link's rate. */
export function forecast(machine: MachineFacts, linkMbps: number, spec: MachineSpec): WayForecast {
  const image = imageBytes(machine)
  const provisioned = machine.disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const day = Math.min(machine.churnBytesPerDay, image)
  const windowBytes = Math.round((day / 24) * hoursSinceLastDelta)
  const sendSeconds = (bytes: number, mbps: number) => (bytes * 8) / (mbps * 1e6 * linkUse)
  const seedMbps = Math.min(linkMbps, spec.bandwidthLimitMbps ?? linkMbps)
  const copySeconds = (bytes: number) => (2 * bytes) / copiedBytesPerSecond + bytes / hashedBytesPerSecond
  const deltaSeconds = (bytes: number) =>
    Math.ceil(deltaOverheadSeconds + copySeconds(bytes) + sendSeconds(bytes, linkMbps))
  const steps = {
    seed: Math.ceil(10 + copySeconds(image) + sendSeconds(image, seedMbps)),
    delta: deltaSeconds(day),
    'final-delta': deltaSeconds(windowBytes),
    compare: Math.ceil(
      compareOverheadSeconds + image / copiedBytesPerSecond + provisioned / hashedBytesPerSecond,
    ),
    'way-back': 2,
  }
  const cutSeconds = shutdownSeconds + steps['final-delta'] + steps.compare + steps['way-back'] + startSeconds
  return { cutSeconds, windowBytes, steps }
}
