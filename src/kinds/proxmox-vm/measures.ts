import type { FigureForms } from '../../model/figure.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { readRestored } from './actions/test-restore.ts'
import { guestOf } from './client/guest.ts'
import type { MachineAudit } from './facts.ts'
import { statusAt } from './machine/existing.ts'
import { hasAddress, wantedAddress } from './machine/set-guest-address.ts'
import { failures, runProbes } from './probes/run.ts'
import { endsOf } from './sides.ts'
import type { MachineSpec } from './spec.ts'
import { copyAt } from './temporary-copy/copies.ts'
import type { Methods } from './transfer-method.ts'
import { comparison } from './whole-disk/compare.ts'

type Measure = TypedMeasure<MachineSpec, MachineAudit>

/** T5: of the copy that the target holds now. A test of an earlier one proves nothing. */
const restoredProbesFailed = (methods: Methods): Measure => ({
  title: 'proxmox-vm.measure.restoredProbesFailed',
  unit: '',
  expectedSeconds: 5,
  async measure(measuring, io) {
    const { target } = endsOf(measuring)
    const [held, record] = await Promise.all([
      methods.chosen(measuring).storedCopy(measuring, io),
      readRestored(io, target),
    ])
    if (record === undefined || held === undefined || record.held !== held.id)
      return { value: 1, figures: { tested: record?.held ?? '', held: held?.id ?? '' }, unverified: true }
    const { probes, seconds, imageBytes, at } = record
    const wrong = failures(probes)
    return {
      value: wrong.length,
      figures: { probes: probes.length, seconds, imageBytes, at },
      ...(wrong.length > 0 && { detail: wrong }),
    }
  },
})

/** The machine at the target, in a rehearsal the copy that stands for it: agent, address, probes. */
const machineUnhealthy: Measure = {
  title: 'proxmox-vm.measure.machineUnhealthy',
  unit: '',
  expectedSeconds: 10,
  async measure(measuring, io) {
    const { target } = endsOf(measuring)
    const at = measuring.mode === 'rehearsal' ? await copyAt(io, target, 'rehearsal') : target
    const status = at && (await statusAt(io, at))?.status
    if (at === undefined || status !== 'running')
      return { value: 1, figures: { agent: 0 }, detail: [{ key: 'proxmox-vm.measured.notRunning' }] }
    if (!(await guestOf(at, io).answers()))
      return { value: 1, figures: { agent: 0 }, detail: [{ key: 'proxmox-vm.measured.agentSilent' }] }
    const wanted = wantedAddress(at, 'target')
    const placed = wanted === undefined || (await hasAddress(io, at, wanted))
    const probes = await runProbes(io, at)
    const wrong = failures(probes)
    return {
      value: wrong.length + (placed ? 0 : 1),
      figures: { agent: 1, address: placed ? 1 : 0, probes: probes.length },
      ...(wrong.length > 0 && { detail: wrong }),
    }
  },
}

const deltaBytes = (methods: Methods): Measure => ({
  title: 'proxmox-vm.measure.deltaBytes',
  tells: 'delta',
  unit: 'B',
  expectedSeconds: 10,
  async measure(measuring, io) {
    const bytes = await methods.chosen(measuring).unsentBytes?.(measuring, io)
    return bytes === undefined
      ? { value: 0, figures: {}, unverified: true }
      : { value: bytes, figures: { bytes } }
  },
})

/** What the comparison of the night found; it says nothing of disks that a machine has written to since. */
const disksDifferent: Measure = {
  title: 'proxmox-vm.measure.disksDifferent',
  tells: 'equality',
  unit: '',
  expectedSeconds: 10,
  rehearsable: false,
  async measure(measuring, io) {
    const { source, target } = endsOf(measuring)
    const found = measuring.resultOf(comparison)
    const [here, there] = await Promise.all([statusAt(io, source), statusAt(io, target)])
    const runs = [here, there].filter(status => status?.status === 'running').length
    if (found === undefined || runs > 0) return { value: 1, figures: { running: runs }, unverified: true }
    return { value: found.different, figures: { disks: found.disks, running: 0 } }
  },
}

export const measuresBy = (methods: Methods) => ({
  restoredProbesFailed: restoredProbesFailed(methods),
  machineUnhealthy,
  deltaBytes: deltaBytes(methods),
  disksDifferent,
})

/** How they, and the figures of the steps' results, are shown. */
export const figures: FigureForms = {
  seconds: { label: 'proxmox-vm.figure.seconds', unit: 's' },
  vmid: { label: 'proxmox-vm.figure.vmid' },
  probes: { label: 'proxmox-vm.figure.probes' },
  failed: { label: 'proxmox-vm.figure.failed' },
  imageBytes: { label: 'proxmox-vm.figure.imageBytes', unit: 'B' },
  at: { label: 'proxmox-vm.figure.at', unit: 'instant' },
  tested: { label: 'proxmox-vm.figure.tested' },
  held: { label: 'proxmox-vm.figure.held' },
  agent: { label: 'proxmox-vm.figure.agent' },
  address: { label: 'proxmox-vm.figure.address' },
  bytes: { label: 'proxmox-vm.figure.bytes', unit: 'B' },
  running: { label: 'proxmox-vm.figure.running' },
  disks: { label: 'proxmox-vm.figure.disks' },
  different: { label: 'proxmox-vm.figure.different' },
  applied: { label: 'proxmox-vm.figure.applied' },
  bitmap: { label: 'proxmox-vm.figure.bitmap' },
  snapshot: { label: 'proxmox-vm.figure.snapshot' },
  archive: { label: 'proxmox-vm.figure.archive' },
  sizeBytes: { label: 'proxmox-vm.figure.sizeBytes', unit: 'B' },
  dirtyBytes: { label: 'proxmox-vm.figure.dirtyBytes', unit: 'B' },
  frozen: { label: 'proxmox-vm.figure.frozen' },
  seed: { label: 'proxmox-vm.figure.seed' },
  from: { label: 'proxmox-vm.figure.from' },
  to: { label: 'proxmox-vm.figure.to' },
}
