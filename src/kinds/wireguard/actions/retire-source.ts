import { keptFor } from '../config-file.ts'
import { wireguard } from '../facts.ts'
import { gatewayAt } from '../gateways.ts'
import { nothingToUndo, shown, timings } from '../step.ts'
import { retire } from './retire.ts'
import { dismissTestPeer, testClient } from './test-client.ts'

/** The same at the source's gateway, a step of its own: a source that is gone keeps nothing from being retired at the target. */
export const retireSource = wireguard.action({
  name: 'retire-source',
  touches: ['source'],
  plan: about => ({
    ...timings(about, 5),
    title: { key: 'wireguard.retire-source.title', values: shown(about) },
    stage: 'close',
    after: [retire],
    undo: nothingToUndo,
  }),
  isDone: async (acting, io) =>
    (await keptFor(testClient.name, gatewayAt(acting, 'source'), io)) === undefined,
  async apply(acting, io) {
    await dismissTestPeer(gatewayAt(acting, 'source'), io.at('source'))
    return undefined
  },
})
