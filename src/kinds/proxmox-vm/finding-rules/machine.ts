import type { SeenBitmap } from '../facts.ts'
import { provisionedBytes } from '../machine/disk-rates.ts'
import { gigabytes } from '../sizes.ts'
import type { Found, Rule, Seen, Values } from './judgement.ts'

const named = ({ component, source, spec }: Seen): Values => ({
  machine: component.title,
  vmid: spec.vmid,
  site: source.siteTitle,
  node: source.node,
  ssh: source.host.ssh,
})

/** Whether the machine is there, and in a state from which it can be moved. */
export const machine: Rule = seen => {
  const { audit } = seen
  const values = named(seen)
  if (audit.found === false) {
    const other = audit.foundOnNode
    if (other === undefined) return [{ name: 'machine-missing', level: 'block', values }]
    return [{ name: 'machine-elsewhere', level: 'block', values: { ...values, other } }]
  }
  if (audit.found === undefined) return []
  return [...size(seen), ...state(seen), ...leftBehind(seen)]
}

function size(seen: Seen): Found[] {
  const { audit, component } = seen
  const disks = audit.disks ?? []
  const bytes = provisionedBytes({ disks })
  const used = disks.reduce((sum, { usedBytes }) => sum + usedBytes, 0)
  const values = {
    ...named(seen),
    disks: disks.map(({ slot, format, storage }) => `${slot} ${format} ${storage}`).join(', '),
    used: gigabytes(used),
    provisioned: gigabytes(bytes),
  }
  if (disks.length === 0) return [{ name: 'no-disk', level: 'block', values }]
  const declared = component.declaredSizeBytes
  const larger: Found[] =
    declared !== undefined && used > declared.to
      ? [{ name: 'declared-size', level: 'warn', values: { ...values, to: gigabytes(declared.to) } }]
      : []
  return [{ name: 'machine', level: 'ok', values }, ...larger]
}

function state(seen: Seen): Found[] {
  const { audit } = seen
  const values = named(seen)
  const found: Found[] = []
  if (audit.template) found.push({ name: 'template', level: 'block', values })
  if (audit.lock) found.push({ name: 'locked', level: 'block', values: { ...values, lock: audit.lock } })
  if (audit.protection) found.push({ name: 'protected', level: 'warn', values })
  if (audit.onboot) found.push({ name: 'onboot', level: 'ok', values })
  if (audit.running === false) found.push({ name: 'machine-off', level: 'warn', values })
  if (audit.running && audit.qmpStatus !== undefined && audit.qmpStatus !== 'running')
    found.push({ name: 'machine-halted', level: 'block', values: { ...values, state: audit.qmpStatus } })
  const broken = (audit.bitmaps ?? []).filter(({ usable }) => !usable)
  if (broken.length > 0)
    found.push({
      name: 'bitmap-broken',
      level: 'warn',
      values: { ...values, bitmaps: listed(broken) },
    })
  return found
}

const listed = (bitmaps: readonly SeenBitmap[]): string =>
  bitmaps.map(({ node, name }) => `${node} ${name}`).join(', ')

/** What belongs to the source's cluster or host and does not travel with the disks. */
function leftBehind(seen: Seen): Found[] {
  const { audit } = seen
  const values = named(seen)
  const found: Found[] = []
  const list = (names: readonly string[]) => ({ ...values, names: names.join(', ') })
  if (audit.snapshots?.length) found.push({ name: 'snapshots', level: 'warn', values: list(audit.snapshots) })
  if (audit.snapshots?.length && audit.bitmaps?.length)
    // "Device has active dirty bitmaps": an administrator who relies on that snapshot must know it before.
    found.push({
      name: 'snapshots-held',
      level: 'warn',
      values: { ...list(audit.snapshots), bitmaps: listed(audit.bitmaps) },
    })
  if (audit.localDevices?.length)
    found.push({ name: 'local-devices', level: 'warn', values: list(audit.localDevices) })
  if (audit.ha) found.push({ name: 'ha', level: 'block', values })
  if (audit.replicated) found.push({ name: 'replicated', level: 'warn', values })
  return found
}

/** Taken from the processor of the host: another host gives another one. */
const ofTheHost = new Set(['host', 'max'])

export const cpu: Rule = ({ audit, component, spec, source, target }) => {
  const { cpuType, targetCpuModels } = audit
  if (cpuType === undefined) return []
  const values = {
    machine: component.title,
    model: cpuType,
    vmid: spec.vmid,
    ssh: source.host.ssh,
    site: target.siteTitle,
    targetSsh: target.host.ssh,
  }
  if (ofTheHost.has(cpuType)) {
    const level = spec.way === 'remote-migrate-online' ? 'block' : 'warn'
    return [{ name: 'cpu-of-host', level, values }]
  }
  if (targetCpuModels === undefined || targetCpuModels.includes(cpuType)) return []
  return [{ name: 'cpu-unknown', level: 'block', values }]
}

/** The agent shuts the guest down cleanly, freezes its disks for a copy, changes its address and runs the probes. */
export const agent: Rule = seen => {
  const { audit, component, source, spec } = seen
  if (!audit.found || audit.agentEnabled === undefined) return []
  const needed = needsAgent(seen)
  const values = { machine: component.title, vmid: spec.vmid, site: source.siteTitle, ssh: source.host.ssh }
  const level: Found['level'] = needed ? 'block' : 'warn'
  if (!audit.agentEnabled) return [{ name: 'agent-off', level, values }]
  if (audit.running && audit.agent === false) return [{ name: 'agent-silent', level, values }]
  if (!audit.agent) return []
  const os = audit.guestOs ?? ''
  return [{ name: 'agent-answers', level: 'ok', values: { ...values, os, host: audit.guestHostName ?? '' } }]
}

function needsAgent({ spec: { network, probes } }: Seen): boolean {
  const address = network !== undefined && !('cloudInit' in network && network.cloudInit)
  return probes.length > 0 || address
}
