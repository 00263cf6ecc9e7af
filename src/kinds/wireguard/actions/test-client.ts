import { z } from 'zod'
import type { SiteSide } from '../../../model/plan.ts'
import { typed } from '../../kit/by-hand.ts'
import { endpointOf } from '../clients/notes.ts'
import { forgetFor } from '../config-file.ts'
import { wireguard } from '../facts.ts'
import { admitTestPeer, isAdmitted } from '../gateway-peer.ts'
import { gatewayAt } from '../gateways.ts'
import { nothingToUndo, shown, timings, undoBy } from '../step.ts'
import { tunnelLeadsTo } from '../tester/ask.ts'
import { tunnels } from '../tester/commands.ts'
import { dismissTestClient, raiseTestTunnel } from '../tester/tunnel.ts'
import { prepareTarget } from './prepare-target.ts'
import { syncPeers } from './sync-peers.ts'

const step = 'test-client'
const sides: readonly SiteSide[] = ['source', 'target']

/** A client of ours at the host outside, let in at both gateways: a namespace for each site, with a tunnel to it alone. */
export const testClient = wireguard.action({
  name: step,
  touches: ['source', 'target', 'outside'],
  result: z.object({ implementation: z.record(z.string(), z.string()), address: z.string() }).optional(),
  plan: about => ({
    ...timings(about, 5),
    title: { key: 'wireguard.test-client.title', values: shown(about) },
    stage: 'provision',
    after: [prepareTarget],
    undo: undoBy(about, 5, {
      key: 'wireguard.test-client.byHand',
      values: {
        ...shown(about),
        remove: typed(...sides.map(side => ['ip', 'netns', 'delete', tunnels[side].namespace])),
        restore: typed([
          ...['cp', '-p', '--', `${gatewayAt(about, 'target').keptBy(step)}/before`, about.spec.configFile],
        ]),
      },
    }),
  }),
  async isDone(acting, io) {
    for (const side of sides) {
      const at = gatewayAt(acting, side)
      const leadsTo = await tunnelLeadsTo(acting, side, io)
      if (leadsTo !== endpointOf(at.endpoint, at.spec.port) || !(await isAdmitted(at, io))) return false
    }
    return true
  },
  async apply(acting, io) {
    const implementation: Record<string, string> = {}
    for (const side of sides) {
      const at = gatewayAt(acting, side)
      await admitTestPeer(at, io.at('source', 'target'))
      implementation[side] = await raiseTestTunnel(acting, side, at.endpoint, io.at('outside'))
    }
    return { implementation, address: acting.spec.test.address }
  },
  undo: (acting, io) => dismissTestClient(acting, io.at('source', 'target', 'outside')),
  undoWithout: {
    target: (acting, io) => dismissTestClient(acting, io.at('source', 'outside'), ['source']),
  },
})

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
