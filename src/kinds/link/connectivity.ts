import type { ReadIo } from '../../model/io.ts'
import type { Host, Plan } from '../../model/plan.ts'
import { connects } from './commands.ts'

/** `refused`: the way is open, and nothing listens there (yet). `closed`: nothing answers. */
export type Reach = 'open' | 'refused' | 'closed'
export type Pair = { from: string; to: string; port: number }

const sshPort = 22

/**
 * What must be able to talk across the link: hosts of the same name at both sites over ssh, but for those that the plan keeps
 * `apart`, and every port that a component names at both sides (a database and its standby), in both directions.
 */
export function pairsOf(plan: Plan, apart: readonly string[]): { from: Host; to: Host; port: number }[] {
  const { source, target } = plan.sites
  const roles = Object.keys(source.hosts).filter(
    role => target.hosts[role] !== undefined && !apart.includes(role),
  )
  const both = (left: Host | undefined, right: Host | undefined, ports: { there: number; back: number }) =>
    left === undefined || right === undefined
      ? []
      : [
          { from: left, to: right, port: ports.there },
          { from: right, to: left, port: ports.back },
        ]
  const ssh = roles.flatMap(role =>
    both(source.hosts[role], target.hosts[role], { there: sshPort, back: sshPort }),
  )
  const named = Object.values(plan.components).flatMap(({ spec }) => {
    const [here, there] = [placeOf(spec.source), placeOf(spec.target)]
    if (here === undefined || there === undefined) return []
    return both(source.hosts[here.host], target.hosts[there.host], { there: there.port, back: here.port })
  })
  return [...ssh, ...named]
}

function placeOf(side: unknown): { host: string; port: number } | undefined {
  const { host, port } = (side ?? {}) as { host?: unknown; port?: unknown }
  return typeof host === 'string' && typeof port === 'number' ? { host, port } : undefined
}

/** Tries every pair at once. A connection is opened and closed; nothing is said on it. */
export async function tryPairs(
  plan: Plan,
  apart: readonly string[],
  io: ReadIo,
): Promise<(Pair & { reach: Reach })[]> {
  return Promise.all(
    pairsOf(plan, apart).map(async ({ from, to, port }) => {
      const { exitCode, stderr } = await io.read(from.ssh, connects(to.address, port), { allowFailure: true })
      const reach: Reach = exitCode === 0 ? 'open' : /refused/i.test(stderr) ? 'refused' : 'closed'
      return { from: from.ssh, to: to.ssh, port, reach }
    }),
  )
}

export const shownPair = ({ from, to, port }: Pair): string => `${from} → ${to}:${port}`
