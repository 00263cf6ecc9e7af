import type { FindingLevel } from '../../../model/fact.ts'
import type { Component } from '../../../model/plan.ts'
import type { MessageKey, Text } from '../../../model/text.ts'
import type { Judgement } from '../../kit/kind-parts.ts'
import type { MachineAudit } from '../facts.ts'
import type { MachineSide } from '../sides.ts'
import type { MachineSpec } from '../spec.ts'

export type Values = Record<string, string | number>

/** What a rule sees. A fact that is absent was not found out: a rule then says nothing. */
export type Seen = {
  component: Component
  spec: MachineSpec
  source: MachineSide
  target: MachineSide
  audit: MachineAudit
  /** Of the link between the sites, in Mbit/s. */
  linkMbps: number
  /** False: the rate above is assumed. */
  isLinkKnown: boolean
}

/** `name` is the finding's id and its sentences'; one with a `text` of its own may have any name. */
export type Found = { level: FindingLevel; values?: Values; remedy?: Text } & (
  | { name: keyof typeof sentences; text?: never }
  | { name: string; text: Text }
)
export type Rule = (seen: Seen) => Found[]

/** What each rule says, and what to do about it. */
export const sentences = {
  'address-elsewhere': [
    'proxmox-vm.finding.address-elsewhere',
    'proxmox-vm.finding.address-elsewhere.remedy',
  ],
  'address-no-way': ['proxmox-vm.finding.address-no-way', 'proxmox-vm.finding.address-no-way.remedy'],
  'address-not-found': [
    'proxmox-vm.finding.address-not-found',
    'proxmox-vm.finding.address-not-found.remedy',
  ],
  'address-to-keep': ['proxmox-vm.finding.address-to-keep', 'proxmox-vm.finding.address-to-keep.remedy'],
  'address-unmentioned': [
    'proxmox-vm.finding.address-unmentioned',
    'proxmox-vm.finding.address-unmentioned.remedy',
  ],
  'address-unsaid': ['proxmox-vm.finding.address-unsaid', 'proxmox-vm.finding.address-unsaid.remedy'],
  'agent-answers': ['proxmox-vm.finding.agent-answers'],
  'agent-off': ['proxmox-vm.finding.agent-off', 'proxmox-vm.finding.agent-off.remedy'],
  'agent-silent': ['proxmox-vm.finding.agent-silent', 'proxmox-vm.finding.agent-silent.remedy'],
  'api-answers': ['proxmox-vm.finding.api-answers'],
  'bitmap-broken': ['proxmox-vm.finding.bitmap-broken', 'proxmox-vm.finding.bitmap-broken.remedy'],
  'bridge-down': ['proxmox-vm.finding.bridge-down', 'proxmox-vm.finding.bridge-down.remedy'],
  'bridge-missing': ['proxmox-vm.finding.bridge-missing', 'proxmox-vm.finding.bridge-missing.remedy'],
  'bridge-vlan-unaware': [
    'proxmox-vm.finding.bridge-vlan-unaware',
    'proxmox-vm.finding.bridge-vlan-unaware.remedy',
  ],
  'cards-merged': ['proxmox-vm.finding.cards-merged', 'proxmox-vm.finding.cards-merged.remedy'],
  'cloud-init-missing': [
    'proxmox-vm.finding.cloud-init-missing',
    'proxmox-vm.finding.cloud-init-missing.remedy',
  ],
  'cloud-init-rewrites': [
    'proxmox-vm.finding.cloud-init-rewrites',
    'proxmox-vm.finding.cloud-init-rewrites.remedy',
  ],
  'cpu-of-host': ['proxmox-vm.finding.cpu-of-host', 'proxmox-vm.finding.cpu-of-host.remedy'],
  'cpu-unknown': ['proxmox-vm.finding.cpu-unknown', 'proxmox-vm.finding.cpu-unknown.remedy'],
  'declared-size': ['proxmox-vm.finding.declared-size', 'proxmox-vm.finding.declared-size.remedy'],
  'file-unreadable': ['proxmox-vm.finding.file-unreadable', 'proxmox-vm.finding.file-unreadable.remedy'],
  'file-without-address': [
    'proxmox-vm.finding.file-without-address',
    'proxmox-vm.finding.file-without-address.remedy',
  ],
  ha: ['proxmox-vm.finding.ha', 'proxmox-vm.finding.ha.remedy'],
  'link-rate-unknown': [
    'proxmox-vm.finding.link-rate-unknown',
    'proxmox-vm.finding.link-rate-unknown.remedy',
  ],
  'local-devices': ['proxmox-vm.finding.local-devices', 'proxmox-vm.finding.local-devices.remedy'],
  locked: ['proxmox-vm.finding.locked', 'proxmox-vm.finding.locked.remedy'],
  'mac-changes': ['proxmox-vm.finding.mac-changes', 'proxmox-vm.finding.mac-changes.remedy'],
  machine: ['proxmox-vm.finding.machine'],
  'machine-elsewhere': [
    'proxmox-vm.finding.machine-elsewhere',
    'proxmox-vm.finding.machine-elsewhere.remedy',
  ],
  'machine-halted': ['proxmox-vm.finding.machine-halted', 'proxmox-vm.finding.machine-halted.remedy'],
  'machine-missing': ['proxmox-vm.finding.machine-missing', 'proxmox-vm.finding.machine-missing.remedy'],
  'machine-off': ['proxmox-vm.finding.machine-off', 'proxmox-vm.finding.machine-off.remedy'],
  'no-disk': ['proxmox-vm.finding.no-disk', 'proxmox-vm.finding.no-disk.remedy'],
  'no-login-between': ['proxmox-vm.finding.no-login-between', 'proxmox-vm.finding.no-login-between.remedy'],
  'no-room': ['proxmox-vm.finding.no-room', 'proxmox-vm.finding.no-room.remedy'],
  'no-room-staging': ['proxmox-vm.finding.no-room-staging', 'proxmox-vm.finding.no-room-staging.remedy'],
  'no-way': ['proxmox-vm.finding.no-way', 'proxmox-vm.finding.no-way.remedy'],
  'node-offline': ['proxmox-vm.finding.node-offline', 'proxmox-vm.finding.node-offline.remedy'],
  onboot: ['proxmox-vm.finding.onboot'],
  protected: ['proxmox-vm.finding.protected', 'proxmox-vm.finding.protected.remedy'],
  replicated: ['proxmox-vm.finding.replicated', 'proxmox-vm.finding.replicated.remedy'],
  'rights-missing': ['proxmox-vm.finding.rights-missing', 'proxmox-vm.finding.rights-missing.remedy'],
  'rights-missing-for-way': [
    'proxmox-vm.finding.rights-missing-for-way',
    'proxmox-vm.finding.rights-missing-for-way.remedy',
  ],
  'room-when-full': ['proxmox-vm.finding.room-when-full', 'proxmox-vm.finding.room-when-full.remedy'],
  snapshots: ['proxmox-vm.finding.snapshots', 'proxmox-vm.finding.snapshots.remedy'],
  'snapshots-held': ['proxmox-vm.finding.snapshots-held', 'proxmox-vm.finding.snapshots-held.remedy'],
  'storage-content': ['proxmox-vm.finding.storage-content', 'proxmox-vm.finding.storage-content.remedy'],
  'storage-format': ['proxmox-vm.finding.storage-format', 'proxmox-vm.finding.storage-format.remedy'],
  'storage-inactive': ['proxmox-vm.finding.storage-inactive', 'proxmox-vm.finding.storage-inactive.remedy'],
  'storage-missing': ['proxmox-vm.finding.storage-missing', 'proxmox-vm.finding.storage-missing.remedy'],
  template: ['proxmox-vm.finding.template', 'proxmox-vm.finding.template.remedy'],
  'test-bridge-open': ['proxmox-vm.finding.test-bridge-open', 'proxmox-vm.finding.test-bridge-open.remedy'],
  'tool-missing': ['proxmox-vm.finding.tool-missing', 'proxmox-vm.finding.tool-missing.remedy'],
  'vlan-left-behind': ['proxmox-vm.finding.vlan-left-behind', 'proxmox-vm.finding.vlan-left-behind.remedy'],
  'vmid-ours': ['proxmox-vm.finding.vmid-ours'],
  'vmid-taken': ['proxmox-vm.finding.vmid-taken', 'proxmox-vm.finding.vmid-taken.remedy'],
  'way-chosen': ['proxmox-vm.finding.way-chosen'],
  'way-possible': ['proxmox-vm.finding.way-possible'],
} as const satisfies Record<string, readonly [what: MessageKey, remedy?: MessageKey]>

export function judgement(found: Found): Judgement {
  const { name: rule, level, values = {} } = found
  if (found.text !== undefined)
    return { rule, level, text: found.text, ...(found.remedy && { remedy: found.remedy }) }
  const [what, how] = sentences[found.name] as readonly [MessageKey, MessageKey?]
  const remedy = found.remedy ?? (level !== 'ok' && how ? { key: how, values } : undefined)
  return { rule, level, text: { key: what, values }, ...(remedy && { remedy }) }
}
