import type { Order } from '../../src/model/event.ts'
import { sendOrder } from '../../src/run/orders.ts'
import { hostsSilent } from '../faults/silent.ts'
import type { Lab } from '../types.ts'
import { untilRun } from './until-run.ts'

/** Everything at Montpellier that the plan names, and what stands beside it. Its office is elsewhere in the town. */
const dying = ['gateway', 'database', 'files', 'dashboard', 'hypervisor'].map(part => `montpellier-${part}`)

const decision: Order = {
  do: 'go-on',
  reason: 'the fire brigade has cut the power in Montpellier',
  without: {
    ...{ side: 'source', silent: [], loses: [] },
    ...{ isolated: 'power cut at the breaker', and: 'Marc Petit' },
  },
}

/** Montpellier is gone for good once its database is stopped. When Bascule finds it dead, two people decide to go on without it. */
export async function sourceDies(lab: Lab, stateDirectory: string): Promise<void> {
  const until = (what: string, isSo: Parameters<typeof untilRun>[3]) =>
    untilRun(stateDirectory, 'live', what, isSo)
  await until('the source is stopped', run => run.steps['database.stop-source']?.status === 'done')
  await hostsSilent(
    lab,
    dying.filter(host => lab.hosts[host] !== undefined),
  )
  const run = await until('the source is found dead', run => (run.sitesAsked?.source?.silent.length ?? 0) > 0)
  sendOrder(stateDirectory, run.id, decision, 'Claire Fontaine', new Date().toISOString())
}
