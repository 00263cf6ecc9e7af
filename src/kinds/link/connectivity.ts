import type { ReadIo } from '../../model/io.ts'
import type { Host, Plan } from '../../model/plan.ts'
import type { RoleLookup } from '../../model/roles.ts'
import { connects } from '../kit/connect.ts'
import type { LinkSpec } from './spec.ts'

/** `refused`: the way is open, and nothing listens there (yet). `closed`: nothing answers. */
export type Reach = 'open' | 'refused' | 'closed'
export type Pair = { from: string; to: string; port: number }

type Connecting = { plan: Plan; roles: RoleLookup; spec: Pick<LinkSpec, 'apart'> }

const sshPort = 22

/**
 * What must be able to talk across the link: hosts of the same name at both sites over ssh, but for those that the plan keeps
 * `apart`, and every port at which a component connects its two sides (a database and its standby), in both directions.
 */
export function pairsOf({
  plan,
  roles,
  spec: { apart },
}: Connecting): { from: Host; to: Host; port: number }[] {
  const { source, target } = plan.sites
  const names = Object.keys(source.hosts).filter(
    name => target.hosts[name] !== undefined && !apart.includes(name),
  )
  const both = (left: Host | undefined, right: Host | undefined, ports: { there: number; back: number }) =>
    left === undefined || right === undefined
      ? []
      : [
          { from: left, to: right, port: ports.there },
          { from: right, to: left, port: ports.back },
        ]
  const ssh = names.flatMap(name =>
    both(source.hosts[name], target.hosts[name], { there: sshPort, back: sshPort }),
  )
  const connected = roles('connects').flatMap(({ value: { source: here, target: there } }) =>
    both(source.hosts[here.host], target.hosts[there.host], { there: there.port, back: here.port }),
  )
  return [...ssh, ...connected]
}

/** Tries every pair at once. A connection is opened and closed; nothing is said on it. */
export async function tryPairs(about: Connecting, io: ReadIo): Promise<(Pair & { reach: Reach })[]> {
  return Promise.all(
    pairsOf(about).map(async ({ from, to, port }) => {
      const { exitCode, stderr } = await io.read(from.ssh, connects(to.address, port), { allowFailure: true })
      const reach: Reach = exitCode === 0 ? 'open' : /refused/i.test(stderr) ? 'refused' : 'closed'
      return { from: from.ssh, to: to.ssh, port, reach }
    }),
  )
}

export const shownPair = ({ from, to, port }: Pair): string => `${from} → ${to}:${port}`
