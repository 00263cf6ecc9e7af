import type { MessageKey } from '../../model/text.ts'

/** The sentence of each rule, and its remedy where there is something to do. */
export const sentences = {
  'as-declared': { text: 'nftables.finding.as-declared' },
  'wrongly-open': { text: 'nftables.finding.wrongly-open', remedy: 'nftables.finding.wrongly-open.remedy' },
  'wrongly-closed': {
    text: 'nftables.finding.wrongly-closed',
    remedy: 'nftables.finding.wrongly-closed.remedy',
  },
  'sites-differ': { text: 'nftables.finding.sites-differ', remedy: 'nftables.finding.sites-differ.remedy' },
  unseen: { text: 'nftables.finding.unseen', remedy: 'nftables.finding.unseen.remedy' },
  missing: { text: 'nftables.finding.missing', remedy: 'nftables.finding.missing.remedy' },
  'way-in-unknown': {
    text: 'nftables.finding.way-in-unknown',
    remedy: 'nftables.finding.way-in-unknown.remedy',
  },
  'other-filter': { text: 'nftables.finding.other-filter', remedy: 'nftables.finding.other-filter.remedy' },
  legacy: { text: 'nftables.finding.legacy', remedy: 'nftables.finding.legacy.remedy' },
  'not-forwarding': {
    text: 'nftables.finding.not-forwarding',
    remedy: 'nftables.finding.not-forwarding.remedy',
  },
  'bridged-filtered': {
    text: 'nftables.finding.bridged-filtered',
    remedy: 'nftables.finding.bridged-filtered.remedy',
  },
  'not-at-boot': { text: 'nftables.finding.not-at-boot', remedy: 'nftables.finding.not-at-boot.remedy' },
  'taken-back': { text: 'nftables.finding.taken-back', remedy: 'nftables.finding.taken-back.remedy' },
  'address-unlisted': {
    text: 'nftables.finding.address-unlisted',
    remedy: 'nftables.finding.address-unlisted.remedy',
  },
  'interface-missing': {
    text: 'nftables.finding.interface-missing',
    remedy: 'nftables.finding.interface-missing.remedy',
  },
  'vlan-passing': { text: 'nftables.finding.vlan-passing', remedy: 'nftables.finding.vlan-passing.remedy' },
  'host-in-no-zone': {
    text: 'nftables.finding.host-in-no-zone',
    remedy: 'nftables.finding.host-in-no-zone.remedy',
  },
  'locked-out': { text: 'nftables.lockedOut', remedy: 'nftables.lockedOut.remedy' },
  'not-restorable': { text: 'nftables.notRestorable', remedy: 'nftables.notRestorable.remedy' },
} as const satisfies Record<string, { text: MessageKey; remedy?: MessageKey }>
