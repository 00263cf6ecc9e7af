import { forgetFor } from '../config-file.ts'
import { wireguard } from '../facts.ts'
import { gatewayAt } from '../gateways.ts'
import { nothingToUndo, shown, timings } from '../step.ts'
import { dismissTestClient } from '../tester/tunnel.ts'
import { prepareTarget } from './prepare-target.ts'
import { syncPeers } from './sync-peers.ts'

/** Nothing stays of ours: no test client at either gateway, no copy of a configuration. */
export const retire = wireguard.action({
  name: 'retire',
  touches: ['source', 'target', 'outside'],
  plan: about => ({
    ...timings(about, 5),
    title: { key: 'wireguard.retire.title', values: shown(about) },
    stage: 'close',
    undo: nothingToUndo,
  }),
  isDone: async () => false,
  async apply(acting, io) {
    await dismissTestClient(acting, io.at('source', 'target', 'outside'))
    const target = gatewayAt(acting, 'target')
    for (const { name } of [prepareTarget, syncPeers]) await forgetFor(name, target, io.at('target'))
    return undefined
  },
})
