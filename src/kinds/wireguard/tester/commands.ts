import type { SiteSide } from '../../../model/plan.ts'
import { script } from '../../kit/script.ts'

/** Where the test client's tunnel to each site lives at the tester's host. Interface names have 15 letters at most. */
export const tunnels: Record<SiteSide, { namespace: string; name: string }> = {
  source: { namespace: 'bascule-source', name: 'bascule-source' },
  target: { namespace: 'bascule-target', name: 'bascule-target' },
}

const raise = script(import.meta.dirname, '../scripts/raise-tunnel.sh')
const lower = script(import.meta.dirname, '../scripts/lower-tunnel.sh')
const tools = script(import.meta.dirname, '../scripts/missing-tools.sh')

export type TunnelEnd = { address: string; publicKey: string; endpoint: string; within: string[] }

export const raiseTunnel = (side: SiteSide, { address, publicKey, endpoint, within }: TunnelEnd): string[] =>
  raise.argv(...[tunnels[side].namespace, tunnels[side].name, address, publicKey, endpoint, within.join(',')])
export const lowerTunnel = (side: SiteSide): string[] =>
  lower.argv(tunnels[side].namespace, tunnels[side].name)

const inside = (side: SiteSide): string[] => ['ip', 'netns', 'exec', tunnels[side].namespace]
/** A public key, a tab, address and port. */
export const tunnelEndpoint = (side: SiteSide): string[] => [
  ...[...inside(side), 'wg', 'show', tunnels[side].name, 'endpoints'],
]

export type Question = { url: string; host: string | undefined; seconds: number }
/** Prints the answer's head. Neither configuration nor proxy of the host's has a say. */
const curl = ({ url, host, seconds }: Question): string[] => [
  ...['curl', '-q', '--silent', '--show-error', '--noproxy', '*', '--max-time', String(seconds)],
  ...['--output', '/dev/null', '--dump-header', '-'],
  ...(host === undefined ? [] : ['--header', `Host: ${host}`]),
  ...['--', url],
]
export const askThrough = (side: SiteSide, question: Question): string[] => [
  ...inside(side),
  ...curl(question),
]
export const askWithout = (question: Question): string[] => curl(question)

/** Prints what the tester's host lacks, a program a line. */
export const missingTools = (): string[] => tools.argv()
