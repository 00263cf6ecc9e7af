import type { Loss } from '../../model/given-up.ts'
import type { CallObserver } from '../../model/host-call.ts'
import type { Kind } from '../../model/kind.ts'
import type { Plan, SiteSide } from '../../model/plan.ts'
import { rolesOf } from '../../model/roles.ts'
import type { History, Run } from '../../model/run.ts'
import { createRedactor } from '../../transport/redact.ts'
import type { Transport } from '../../transport/transport.ts'
import { measureContext } from '../contexts.ts'
import { openTransportTo } from '../open-transport.ts'
import { hostsOfSide } from '../sides.ts'
import { silentAmong } from './silent-hosts.ts'
import { withoutSite } from './without-site.ts'

type Asked = {
  plan: Plan
  kinds: Record<string, Kind>
  history: History
  run: Run
  onCall?: CallObserver
}
/** The hosts of the site by whether they answer, and what going on without it loses. */
export type AskedBefore = { answering: string[]; silent: string[]; loses: Loss[] }

/**
 * What people must know before they give a site up. Reads only, and takes no lock: another program may be carrying the run out.
 * What the other site cannot tell is thrown as its Failure.
 */
export async function askBeforeGivingUp(asked: Asked, side: SiteSide): Promise<AskedBefore> {
  const redactor = createRedactor()
  const transport = await openTransportTo(asked.plan, redactor, asked.onCall)
  try {
    return redactor.redact(await askThrough(transport, asked, side))
  } finally {
    await transport.close()
  }
}

export async function askThrough(transport: Transport, asked: Asked, side: SiteSide): Promise<AskedBefore> {
  const hosts = hostsOfSide(asked.plan, side)
  const work = { key: `without/${side}`, signal: new AbortController().signal, onProgress: () => {} }
  const [silent, loses] = await Promise.all([
    silentAmong(hosts, transport, work),
    lossesOf(asked, side, transport),
  ])
  return { answering: hosts.filter(host => !silent.includes(host)), silent, loses }
}

const longestSeconds = 60

async function lossesOf({ plan, kinds, history, run }: Asked, side: SiteSide, transport: Transport) {
  const context = {
    ...measureContext(plan, history.facts, history, run),
    without: side,
    roles: rolesOf(plan, kinds, history.facts),
  }
  const signal = AbortSignal.timeout(longestSeconds * 1000)
  const losses = await Promise.all(
    Object.values(plan.components).map(async (component): Promise<Loss[]> => {
      const io = withoutSite(transport.ioFor({ key: `without/${component.id}`, signal }), plan, side)
      const loss = await kinds[component.kind]?.losesWithout?.(component, side, context, io)
      return loss === undefined ? [] : [{ component: component.id, ...loss }]
    }),
  )
  return losses.flat()
}
