import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { allOf, hostsOf } from '../places.ts'
import { readStanding } from '../standing.ts'
import { tell } from '../tell.ts'

/** Authority passes to the target: told to every host of both sites. Its undo tells the source's name again. */
export const handover: Action = {
  async isDone(context, io) {
    return (await standsWith('target', context, io)) && result(context)
  },
  async apply(context, io) {
    await pass('target', context, io)
    return result(context)
  },
  undo: (context, io) => pass('source', context, io),
}

const result = ({ plan, fencingNumber }: StepContext) => ({ site: plan.sites.target.id, fencingNumber })

async function standsWith(side: SiteSide, { plan, component, fencingNumber }: StepContext, io: ReadIo) {
  const hosts = allOf(hostsOf(component, plan))
  const standings = await Promise.all(hosts.map(host => readStanding(host, plan.name, io)))
  return standings.every(
    standing => standing?.site === plan.sites[side].id && standing.fencingNumber === fencingNumber,
  )
}

/** The losing site first: at no instant do both sites read that they have authority. */
async function pass(
  to: SiteSide,
  { plan, component, fencingNumber }: StepContext,
  io: ChangeIo,
): Promise<void> {
  const hosts = hostsOf(component, plan)
  const losing = hosts[to === 'target' ? 'source' : 'target']
  const winning = hosts[to].filter(host => !losing.includes(host))
  const writing = {
    planName: plan.name,
    fencingNumber,
    site: plan.sites[to].id,
    holder: '',
    lineage: '',
    at: io.now(),
    keepSite: false,
  }
  await Promise.all(losing.map(host => tell(host, writing, io)))
  await Promise.all(winning.map(host => tell(host, writing, io)))
}
