import { forgetFor } from '../config-file.ts'
import { wireguard } from '../facts.ts'
import { gatewayAt } from '../gateways.ts'
import { nothingToUndo, shown, timings } from '../step.ts'
import { prepareTarget } from './prepare-target.ts'
import { syncPeers } from './sync-peers.ts'
import { dismissTestClient } from './test-client.ts'

/** Nothing stays of ours at the target's gateway and at the host outside: no test client, no copy of a configuration. */
export const retire = wireguard.action({
  name: 'retire',
  touches: ['target', 'outside'],
  plan: about => ({
    ...timings(about, 5),
    title: { key: 'wireguard.retire.title', values: shown(about) },
    stage: 'close',
    undo: nothingToUndo,
  }),
  isDone: async () => false,
  async apply(acting, io) {
    await dismissTestClient(acting, io.at('target', 'outside'), ['target'])
    const target = gatewayAt(acting, 'target')
    for (const { name } of [prepareTarget, syncPeers]) await forgetFor(name, target, io.at('target'))
    return undefined
  },
})
