import type { FigureForms } from '../../../model/figure.ts'
import type { Measure, MeasureContext } from '../../../model/kind.ts'
import type { Component } from '../../../model/plan.ts'
import type { Text } from '../../../model/text.ts'
import { linkRate } from '../../kit/link-rate.ts'
import { guestOf } from '../client/guest.ts'
import { assumedLinkMbps } from '../machine/disk-rates.ts'
import { endsOf } from '../machine/ends.ts'
import { statusAt } from '../machine/existing.ts'
import { machineFacts } from '../machine/facts.ts'
import { hasAddress, wantedAddress } from '../machine/set-guest-address.ts'
import { methodNamed, transferMethods } from '../methods/all.ts'
import { chooseMethod } from '../methods/choose.ts'
import { failed, type ProbeResult, runProbes } from '../probes/run.ts'
import { specOf } from '../spec.ts'
import { copyAt } from '../temporary-copy/copies.ts'
import { readRestored } from '../temporary-copy/record.ts'

const inText = ({ name, why }: ProbeResult): Text => ({
  key: 'proxmox-vm.measured.probe',
  values: { name, why },
})

function wayOf(component: Component, { facts, roles }: MeasureContext) {
  const spec = specOf(component)
  const machine = machineFacts(facts[component.id] ?? {})
  const mbps = linkRate(roles)?.mbps ?? assumedLinkMbps
  return chooseMethod(transferMethods, machine, spec, mbps)?.way ?? methodNamed(spec.way)
}

/** T5: of the copy that the target holds now. A test of an earlier one proves nothing. */
const restoredProbesFailed: Measure = {
  title: 'proxmox-vm.measure.restoredProbesFailed',
  unit: '',
  expectedSeconds: 5,
  async measure(component, context, io) {
    const of = { component, plan: context.plan }
    const { target } = endsOf(of)
    const [held, record] = await Promise.all([
      wayOf(component, context).storedCopy(of, io),
      readRestored(io, target),
    ])
    if (record === undefined || held === undefined || record.held !== held.id)
      return { value: 1, figures: { tested: record?.held ?? '', held: held?.id ?? '' }, unverified: true }
    const { probes, seconds, imageBytes, at } = record
    const wrong = failed(probes)
    return {
      value: wrong.length,
      figures: { probes: probes.length, seconds, imageBytes, at },
      ...(wrong.length > 0 && { detail: wrong.map(inText) }),
    }
  },
}

/** The machine at the target, in a rehearsal the copy that stands for it: agent, address, probes. */
const machineUnhealthy: Measure = {
  title: 'proxmox-vm.measure.machineUnhealthy',
  unit: '',
  expectedSeconds: 10,
  async measure(component, { plan, mode }, io) {
    const { target } = endsOf({ component, plan })
    const at = mode === 'rehearsal' ? await copyAt(io, target, 'rehearsal') : target
    const status = at && (await statusAt(io, at))?.status
    if (at === undefined || status !== 'running')
      return { value: 1, figures: { agent: 0 }, detail: [{ key: 'proxmox-vm.measured.notRunning' }] }
    if (!(await guestOf(at, io).answers()))
      return { value: 1, figures: { agent: 0 }, detail: [{ key: 'proxmox-vm.measured.agentSilent' }] }
    const wanted = wantedAddress(at, 'target')
    const placed = wanted === undefined || (await hasAddress(io, at, wanted))
    const probes = await runProbes(io, at)
    const wrong = failed(probes)
    return {
      value: wrong.length + (placed ? 0 : 1),
      figures: { agent: 1, address: placed ? 1 : 0, probes: probes.length },
      ...(wrong.length > 0 && { detail: wrong.map(inText) }),
    }
  },
}

const deltaBytes: Measure = {
  title: 'proxmox-vm.measure.deltaBytes',
  unit: 'B',
  expectedSeconds: 10,
  async measure(component, context, io) {
    const bytes = await wayOf(component, context).unsentBytes?.({ component, plan: context.plan }, io)
    return bytes === undefined
      ? { value: 0, figures: {}, unverified: true }
      : { value: bytes, figures: { bytes } }
  },
}

/** What the comparison of the night found; it says nothing of disks that a machine has written to since. */
const disksDifferent: Measure = {
  title: 'proxmox-vm.measure.disksDifferent',
  unit: '',
  expectedSeconds: 10,
  rehearsable: false,
  async measure(component, { plan, results }, io) {
    const { source, target } = endsOf({ component, plan })
    const found = results[`${component.id}.compare`]
    const [here, there] = await Promise.all([statusAt(io, source), statusAt(io, target)])
    const runs = [here, there].filter(status => status?.status === 'running').length
    if (typeof found?.different !== 'number' || runs > 0)
      return { value: 1, figures: { running: runs }, unverified: true }
    return { value: found.different, figures: { disks: found.disks ?? 0, running: 0 } }
  },
}

export const measures: Record<string, Measure> = {
  restoredProbesFailed,
  machineUnhealthy,
  deltaBytes,
  disksDifferent,
}

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
