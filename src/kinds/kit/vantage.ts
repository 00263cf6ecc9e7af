import { z } from 'zod'
import type { CommandOptions, CommandResult, ReadIo } from '../../model/io.ts'
import type { Plan } from '../../model/plan.ts'

/** From where something is asked: the machine Bascule runs on, or a host outside both sites. */
export const vantageSpec = z
  .union([
    z.literal('here'),
    z.strictObject({ outside: z.string().min(1).describe('Name of a host of the plan’s `outside`') }),
  ])
  .describe('`here`: the control host; or a host of `outside`')
export type Vantage = z.infer<typeof vantageSpec>

/** `address`: what that place is seen by, where the plan knows it. */
export type Place = {
  name: string
  address?: string
  read(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>
}

export function placeOf(vantage: Vantage, plan: Plan, io: ReadIo): Place {
  if (vantage === 'here') return { name: 'localhost', read: (argv, options) => io.local(argv, options) }
  const host = plan.outside[vantage.outside]
  if (host === undefined) throw new TypeError(`a validated plan has the host ${vantage.outside} outside`)
  return { name: host.ssh, address: host.address, read: (argv, options) => io.read(host.ssh, argv, options) }
}
