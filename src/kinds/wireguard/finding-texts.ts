import type { MessageKey } from '../../model/text.ts'

/** The sentence of each rule. */
export const texts = {
  'source-listens': 'wireguard.finding.source-listens',
  'source-config-missing': 'wireguard.finding.source-config-missing',
  'source-down': 'wireguard.finding.source-down',
  'source-port': 'wireguard.finding.source-port',
  'source-not-managed': 'wireguard.finding.source-not-managed',
  'peers-in-memory-only': 'wireguard.finding.peers-in-memory-only',
  'other-key': 'wireguard.finding.other-key',
  'preshared-unknown': 'wireguard.finding.preshared-unknown',
  'config-open': 'wireguard.finding.config-open',
  hooks: 'wireguard.finding.hooks',
  'saves-itself': 'wireguard.finding.saves-itself',
  'target-missing': 'wireguard.finding.target-missing',
  'target-config': 'wireguard.finding.target-config',
  'tester-tools': 'wireguard.finding.tester-tools',
  'test-address-taken': 'wireguard.finding.test-address-taken',
  'clients-by-name': 'wireguard.finding.clients-by-name',
  'clients-by-name-covered': 'wireguard.finding.clients-by-name-covered',
  'clients-by-address': 'wireguard.finding.clients-by-address',
  'clients-by-address-covered': 'wireguard.finding.clients-by-address-covered',
  'clients-by-unknown': 'wireguard.finding.clients-by-unknown',
  'clients-by-unknown-covered': 'wireguard.finding.clients-by-unknown-covered',
  'clients-follow': 'wireguard.finding.clients-follow',
  'clients-need-profiles': 'wireguard.finding.clients-need-profiles',
} as const satisfies Record<string, MessageKey>
export type Rule = keyof typeof texts

/** And what to do about it, where there is something to do. */
export const remedies: { readonly [Name in Rule]?: MessageKey } = {
  'source-config-missing': 'wireguard.finding.source-config-missing.remedy',
  'source-down': 'wireguard.finding.source-down.remedy',
  'source-port': 'wireguard.finding.source-port.remedy',
  'source-not-managed': 'wireguard.finding.source-not-managed.remedy',
  'peers-in-memory-only': 'wireguard.finding.peers-in-memory-only.remedy',
  'other-key': 'wireguard.finding.other-key.remedy',
  'preshared-unknown': 'wireguard.finding.preshared-unknown.remedy',
  'config-open': 'wireguard.finding.config-open.remedy',
  hooks: 'wireguard.finding.hooks.remedy',
  'saves-itself': 'wireguard.finding.saves-itself.remedy',
  'target-missing': 'wireguard.finding.target-missing.remedy',
  'target-config': 'wireguard.finding.target-config.remedy',
  'tester-tools': 'wireguard.finding.tester-tools.remedy',
  'test-address-taken': 'wireguard.finding.test-address-taken.remedy',
  'clients-by-name': 'wireguard.finding.clients-by-name.remedy',
  'clients-by-name-covered': 'wireguard.finding.clients-by-name-covered.remedy',
  'clients-by-address': 'wireguard.finding.clients-by-address.remedy',
  'clients-by-address-covered': 'wireguard.finding.clients-by-address-covered.remedy',
  'clients-by-unknown': 'wireguard.finding.clients-by-unknown.remedy',
  'clients-by-unknown-covered': 'wireguard.finding.clients-by-unknown-covered.remedy',
  'clients-need-profiles': 'wireguard.finding.clients-need-profiles.remedy',
}
