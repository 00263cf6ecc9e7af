import type { Action } from '../../../model/kind.ts'
import { forgetFor } from '../config-file.ts'
import { gatewayAt } from '../gateways.ts'
import { dismissTestClient } from './test-client.ts'

const keepingSteps = ['prepare-target', 'sync-peers']

/** Nothing stays of ours: no test client at either gateway, no copy of a configuration. */
export const retire: Action = {
  isDone: async () => false,
  async apply(context, io) {
    await dismissTestClient(context, io)
    const target = gatewayAt(context.component, context.plan, 'target')
    for (const step of keepingSteps) await forgetFor(step, target, io)
    return undefined
  },
}
