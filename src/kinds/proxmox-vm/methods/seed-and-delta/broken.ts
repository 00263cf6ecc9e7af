import type { MessageKey, Text } from '../../../../model/text.ts'
import type { Ends } from '../../sides.ts'

export type Break = keyof typeof sentences

/** Why no delta can follow on what the target holds. */
const sentences = {
  imageGone: 'proxmox-vm.delta.broken.imageGone',
  inconsistent: 'proxmox-vm.delta.broken.inconsistent',
  missing: 'proxmox-vm.delta.broken.missing',
  none: 'proxmox-vm.delta.broken.none',
  otherDisks: 'proxmox-vm.delta.broken.otherDisks',
  otherSeed: 'proxmox-vm.delta.broken.otherSeed',
  started: 'proxmox-vm.delta.broken.started',
  touched: 'proxmox-vm.delta.broken.touched',
} as const satisfies Record<string, MessageKey>

export const brokenText = (why: Break, { source, target }: Ends): Text => ({
  key: sentences[why],
  values: { component: source.component, source: source.host.ssh, target: target.host.ssh },
})
