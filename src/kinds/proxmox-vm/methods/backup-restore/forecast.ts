import { imageBytes, type MachineFacts } from '../../facts.ts'
import {
  compareSeconds,
  copiedBytesPerSecond,
  hashedBytesPerSecond,
  returnSeconds,
  shutdownSeconds,
  startSeconds,
  travelSeconds,
} from '../../machine/disk-rates.ts'
import type { MachineSpec } from '../../spec.ts'

/** What zstd leaves of a disk: 0.41 measured on the small guest of the laboratory; disks full of video leave more. */
const compressed = 0.5
/** Asking PVE, and what dump and restore take when there is nothing in the disk. */
const overheadSeconds = 6
/** The fetching of a day's writes ends the forecast of a rollback, not of the cut. */
const wayBackSeconds = 2

/**
 * All of the disk, compressed, while the machine is off. Seconds of the cut:
 * shutdown + used / copied (dump) + used × ratio / link + used × ratio / hashed (proof) + used / copied (restore)
 * + comparison + start.
 */
export function forecast(machine: MachineFacts, linkMbps: number, spec: MachineSpec) {
  const used = imageBytes(machine)
  const archiveBytes = Math.ceil(used * compressed)
  const seedMbps = Math.min(linkMbps, spec.bandwidthLimitMbps ?? linkMbps)
  const bring = (mbps: number): number =>
    overheadSeconds +
    used / copiedBytesPerSecond +
    travelSeconds(archiveBytes, mbps) +
    archiveBytes / hashedBytesPerSecond
  const steps = {
    seed: Math.ceil(bring(seedMbps)),
    'final-delta': Math.ceil(bring(linkMbps) + used / copiedBytesPerSecond),
    compare: compareSeconds(machine),
    'way-back': wayBackSeconds,
    return: returnSeconds(machine, linkMbps),
  }
  const cutSeconds = shutdownSeconds + steps['final-delta'] + steps.compare + steps['way-back'] + startSeconds
  return { cutSeconds, windowBytes: archiveBytes, steps }
}
