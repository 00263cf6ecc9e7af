import type { MessageKey, Text } from '../../model/text.ts'
import type { Possibility } from './transfer-method.ts'

type Reason = keyof typeof reasons

/** Why a transfer method is not possible: the reason, its remedy, and the sentence that names the method too. */
const reasons = {
  'delta.format': [
    'proxmox-vm.delta.impossible.format',
    'proxmox-vm.delta.impossible.format.remedy',
    'proxmox-vm.delta.impossible.format.way',
  ],
  'delta.noDisks': [
    'proxmox-vm.delta.impossible.noDisks',
    'proxmox-vm.delta.impossible.noDisks.remedy',
    'proxmox-vm.delta.impossible.noDisks.way',
  ],
  'delta.qmp': [
    'proxmox-vm.delta.impossible.qmp',
    'proxmox-vm.delta.impossible.qmp.remedy',
    'proxmox-vm.delta.impossible.qmp.way',
  ],
  'delta.room': [
    'proxmox-vm.delta.impossible.room',
    'proxmox-vm.delta.impossible.room.remedy',
    'proxmox-vm.delta.impossible.room.way',
  ],
  'delta.snapshots': [
    'proxmox-vm.delta.impossible.snapshots',
    'proxmox-vm.delta.impossible.snapshots.remedy',
    'proxmox-vm.delta.impossible.snapshots.way',
  ],
  'delta.ssh': [
    'proxmox-vm.delta.impossible.ssh',
    'proxmox-vm.delta.impossible.ssh.remedy',
    'proxmox-vm.delta.impossible.ssh.way',
  ],
  'delta.storage': [
    'proxmox-vm.delta.impossible.storage',
    'proxmox-vm.delta.impossible.storage.remedy',
    'proxmox-vm.delta.impossible.storage.way',
  ],
  'delta.tools': [
    'proxmox-vm.delta.impossible.tools',
    'proxmox-vm.delta.impossible.tools.remedy',
    'proxmox-vm.delta.impossible.tools.way',
  ],
  'migrate.agent': [
    'proxmox-vm.migrate.impossible.agent',
    'proxmox-vm.migrate.impossible.agent.remedy',
    'proxmox-vm.migrate.impossible.agent.way',
  ],
  'migrate.devices': [
    'proxmox-vm.migrate.impossible.devices',
    'proxmox-vm.migrate.impossible.devices.remedy',
    'proxmox-vm.migrate.impossible.devices.way',
  ],
  'migrate.ha': [
    'proxmox-vm.migrate.impossible.ha',
    'proxmox-vm.migrate.impossible.ha.remedy',
    'proxmox-vm.migrate.impossible.ha.way',
  ],
  'migrate.off': [
    'proxmox-vm.migrate.impossible.off',
    'proxmox-vm.migrate.impossible.off.remedy',
    'proxmox-vm.migrate.impossible.off.way',
  ],
  'migrate.replicated': [
    'proxmox-vm.migrate.impossible.replicated',
    'proxmox-vm.migrate.impossible.replicated.remedy',
    'proxmox-vm.migrate.impossible.replicated.way',
  ],
  'migrate.snapshots': [
    'proxmox-vm.migrate.impossible.snapshots',
    'proxmox-vm.migrate.impossible.snapshots.remedy',
    'proxmox-vm.migrate.impossible.snapshots.way',
  ],
  'migrate.version': [
    'proxmox-vm.migrate.impossible.version',
    'proxmox-vm.migrate.impossible.version.remedy',
    'proxmox-vm.migrate.impossible.version.way',
  ],
  'whole.noDisks': [
    'proxmox-vm.whole.impossible.noDisks',
    'proxmox-vm.whole.impossible.noDisks.remedy',
    'proxmox-vm.whole.impossible.noDisks.way',
  ],
  'whole.room': [
    'proxmox-vm.whole.impossible.room',
    'proxmox-vm.whole.impossible.room.remedy',
    'proxmox-vm.whole.impossible.room.way',
  ],
  'whole.ssh': [
    'proxmox-vm.whole.impossible.ssh',
    'proxmox-vm.whole.impossible.ssh.remedy',
    'proxmox-vm.whole.impossible.ssh.way',
  ],
  'whole.tools': [
    'proxmox-vm.whole.impossible.tools',
    'proxmox-vm.whole.impossible.tools.remedy',
    'proxmox-vm.whole.impossible.tools.way',
  ],
  'zfs.disk': [
    'proxmox-vm.zfs.impossible.disk',
    'proxmox-vm.zfs.impossible.disk.remedy',
    'proxmox-vm.zfs.impossible.disk.way',
  ],
  'zfs.limit': [
    'proxmox-vm.zfs.impossible.limit',
    'proxmox-vm.zfs.impossible.limit.remedy',
    'proxmox-vm.zfs.impossible.limit.way',
  ],
  'zfs.replicated': [
    'proxmox-vm.zfs.impossible.replicated',
    'proxmox-vm.zfs.impossible.replicated.remedy',
    'proxmox-vm.zfs.impossible.replicated.way',
  ],
  'zfs.storage': [
    'proxmox-vm.zfs.impossible.storage',
    'proxmox-vm.zfs.impossible.storage.remedy',
    'proxmox-vm.zfs.impossible.storage.way',
  ],
  'zfs.tool': [
    'proxmox-vm.zfs.impossible.tool',
    'proxmox-vm.zfs.impossible.tool.remedy',
    'proxmox-vm.zfs.impossible.tool.way',
  ],
} as const satisfies Record<string, readonly [MessageKey, MessageKey, MessageKey]>

export function impossible(reason: Reason, values: NonNullable<Text['values']> = {}): Possibility {
  const [why, remedy, ofMethod] = reasons[reason]
  return { possible: false, why: { key: why, values }, ofMethod, remedy: { key: remedy, values } }
}
