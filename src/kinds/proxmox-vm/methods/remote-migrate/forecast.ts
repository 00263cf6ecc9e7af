import { imageBytes, type MachineFacts } from '../../facts.ts'
import {
  compareSeconds,
  copiedBytesPerSecond,
  provisionedBytes,
  shutdownSeconds,
  startSeconds,
  travelSeconds,
} from '../../machine/disk-rates.ts'
import type { MachineSpec } from '../../spec.ts'
import { forecast as backupForecast } from '../backup-restore/forecast.ts'

const overheadSeconds = 6
/** The pause itself was 21 to 45 ms on plain QEMU; the guest is then at the target with an address of the source. */
const readdressSeconds = 5

/** A qcow2 image travels as its file, a raw disk with all its zeros; neither is compressed. */
const streamed = (machine: MachineFacts): number =>
  machine.disks.every(({ format }) => format === 'qcow2') ? imageBytes(machine) : provisionedBytes(machine)

/**
 * All of the disk while the machine is off. Seconds of the cut:
 * shutdown + streamed / the slower of link and drive + comparison + start.
 */
export function forecast(machine: MachineFacts, linkMbps: number, spec: MachineSpec) {
  const { seed, 'way-back': wayBack, return: back } = backupForecast(machine, linkMbps, spec).steps
  const windowBytes = streamed(machine)
  const move = moveSeconds(windowBytes, linkMbps)
  const compare = compareSeconds(machine)
  const steps = { seed, 'final-delta': move, compare, 'way-back': wayBack, return: back }
  return { cutSeconds: shutdownSeconds + move + compare + wayBack + startSeconds, windowBytes, steps }
}

/** Disk and memory travel while the guest runs; it is away from its users until its address is changed. */
export function forecastOnline(machine: MachineFacts, linkMbps: number, spec: MachineSpec) {
  const offline = forecast(machine, linkMbps, spec)
  const windowBytes = imageBytes(machine)
  const steps = {
    ...offline.steps,
    'final-delta': moveSeconds(windowBytes, linkMbps),
    readdress: readdressSeconds,
  }
  return { cutSeconds: readdressSeconds, windowBytes, steps }
}

const moveSeconds = (bytes: number, linkMbps: number): number =>
  Math.ceil(overheadSeconds + Math.max(travelSeconds(bytes, linkMbps), bytes / copiedBytesPerSecond))
