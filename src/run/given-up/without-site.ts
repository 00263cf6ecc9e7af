import { Failure } from '../../model/failure.ts'
import type { ChangeIo } from '../../model/io.ts'
import type { Plan, SiteSide } from '../../model/plan.ts'
import { placesOfSide } from '../sides.ts'

/**
 * An io that refuses the hosts of a site that the run does without, at once: a command that nobody answers would be waited for.
 * A host that both sites have stays.
 */
export function withoutSite(io: ChangeIo, plan: Plan, side: SiteSide | undefined): ChangeIo {
  if (side === undefined) return io
  const gone = new Set(placesOfSide(plan, side, ({ ssh, address }) => [ssh, address]))
  const asked = (host: string): void => {
    if (!gone.has(host)) return
    throw new Failure(
      { key: 'run.siteGivenUp', values: { host, site: plan.sites[side].title } },
      { code: 'site-given-up' },
    )
  }
  return {
    ...io,
    async read(host, ...rest) {
      asked(host)
      return io.read(host, ...rest)
    },
    async change(host, ...rest) {
      asked(host)
      return io.change(host, ...rest)
    },
    async writeFile(host, ...rest) {
      asked(host)
      return io.writeFile(host, ...rest)
    },
    async query(connection, ...rest) {
      asked(connection.host)
      return io.query(connection, ...rest)
    },
    async querySession(connection, work) {
      asked(connection.host)
      return io.querySession(connection, work)
    },
    async execute(connection, ...rest) {
      asked(connection.host)
      return io.execute(connection, ...rest)
    },
    async http(request) {
      asked(request.connectTo?.address ?? new URL(request.url).hostname)
      return io.http(request)
    },
    async dns(server, ...rest) {
      asked(server.address)
      return io.dns(server, ...rest)
    },
  }
}
