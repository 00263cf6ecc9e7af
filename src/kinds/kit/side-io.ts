import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Plan } from '../../model/plan.ts'
import type { TouchedSide } from '../../model/step.ts'

/**
 * The io of an action that changes only the sides `Touched`. `at('target')` gives what changes that site; of a side that the action
 * does not declare it gives what reads, so that a forgotten side is an error of the compiler.
 */
export type SideIo<Touched extends TouchedSide> = ReadIo & {
  at<Side extends TouchedSide>(...sides: Side[]): [Side] extends [Touched] ? ChangeIo : ReadIo
}

/** The compiler sees sides, not hosts: a change at a host of another site than the one asked for is refused here. */
export function sideIo<Touched extends TouchedSide>(plan: Plan, io: ChangeIo): SideIo<Touched> {
  const at = (...sides: TouchedSide[]) => (sides.includes('shared') ? io : guarded(plan, sides, io))
  return { ...io, at } as SideIo<Touched>
}

function guarded(plan: Plan, sides: readonly TouchedSide[], io: ChangeIo): ChangeIo {
  const hosts = sides.flatMap(side => {
    if (side === 'shared') return []
    if (side === 'outside') return Object.values(plan.outside)
    return Object.values(plan.sites[side === 'replication' ? 'source' : side].hosts)
  })
  const mayChange = (place: string): void => {
    if (hosts.some(host => host.ssh === place || host.address === place)) return
    throw new TypeError(`a step that changes ${sides.join(' and ')} would change ${place}`)
  }
  return {
    ...io,
    async change(host, ...rest) {
      mayChange(host)
      return io.change(host, ...rest)
    },
    async execute(connection, ...rest) {
      mayChange(connection.host)
      return io.execute(connection, ...rest)
    },
    async writeFile(host, ...rest) {
      mayChange(host)
      return io.writeFile(host, ...rest)
    },
  }
}
