import { isIpv6 } from '../../model/address.ts'
import type { Rule } from './spec.ts'

/** Everything in the kernel, as JSON. */
export const listRuleset = (): string[] => ['nft', '-j', 'list', 'ruleset']
/** One table as text, without counters and without what its sets hold: its comment is in no JSON of nft 1.0. */
export const listTable = (table: string): string[] => ['nft', '-s', '-t', 'list', 'table', 'inet', table]
/** Loads a script from standard input: all of it or nothing. */
export const load = (): string[] => ['nft', '-f', '-']
/** The kernel's own word on a script, and nothing is changed. */
export const tryLoad = (): string[] => ['nft', '-c', '-f', '-']

export const addresses = (): string[] => ['ip', '-j', 'address']
export const forwardingOn = (family: 'ipv4' | 'ipv6'): string[] => [
  'cat',
  family === 'ipv4' ? '/proc/sys/net/ipv4/ip_forward' : '/proc/sys/net/ipv6/conf/all/forwarding',
]
/** Tables of the older iptables, which nft does not see; empty where there are none. */
export const legacyTables = (): string[] => [
  ...['sh', '-c', 'cat /proc/net/ip_tables_names /proc/net/ip6_tables_names 2>/dev/null || true'],
]

type What = 'list' | 'delete'
const verb = { list: '-L', delete: '-D' } as const
const family = ({ from }: Rule): string[] => ['-f', isIpv6(from) ? 'ipv6' : 'ipv4']
const asked = (rule: Rule): string[] => [
  ...['-p', rule.protocol, '--orig-dst', rule.from, '--orig-port-dst', String(rule.port)],
]

/** Connections to the old address that the gateway itself answers. A connection keeps the way it began with. */
export const answeredHere = (rule: Rule, what: What): string[] => [
  ...['conntrack', verb[what], ...family(rule), ...asked(rule), '--reply-src', rule.from],
]
/**
 * Those that began from this side (WireGuard calls its clients, too): what their clients send is an answer, and no rule for
 * what is new sees it.
 */
export const begunHere = (rule: Rule, what: What): string[] => [
  ...['conntrack', verb[what], ...family(rule), '-p', rule.protocol],
  ...['--orig-src', rule.from, '--orig-port-src', String(rule.port)],
]
export const passedOn = (rule: Rule, what: What): string[] => [
  ...['conntrack', verb[what], ...family(rule), ...asked(rule), '--reply-src', rule.to],
]

/** Which of our addresses an address sees. */
export const routeTo = (address: string): string[] => ['ip', '-j', 'route', 'get', address]
