import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { endpointOf } from '../clients/notes.ts'
import { admitTestPeer, dismissTestPeer, isAdmitted } from '../gateway-peer.ts'
import { gatewayAt, testerOf } from '../gateways.ts'
import { identityOf } from '../interface.ts'
import { tunnelLeadsTo } from '../tester/ask.ts'
import { lowerTunnel, raiseTunnel } from '../tester/commands.ts'

const sideNames: SiteSide[] = ['source', 'target']

/** A client of ours at the host outside, let in at both gateways: a namespace for each site, with a tunnel to it alone. */
export const testClient: Action = {
  async isDone({ component, plan }, io) {
    for (const side of sideNames) {
      const at = gatewayAt(component, plan, side)
      const leadsTo = await tunnelLeadsTo(component, plan, side, io)
      if (leadsTo !== endpointOf(at.endpoint, at.spec.port) || !(await isAdmitted(at, io))) return false
    }
    return true
  },
  async apply(context, io) {
    const made: JsonObject = {}
    for (const side of sideNames) {
      const at = gatewayAt(context.component, context.plan, side)
      await admitTestPeer(at, io)
      made[side] = await raiseTestTunnel(context, side, at.endpoint, io)
    }
    return {
      implementation: made,
      address: gatewayAt(context.component, context.plan, 'source').spec.test.address,
    }
  },
  undo: (context, io) => dismissTestClient(context, io),
}

export async function dismissTestClient({ component, plan }: StepContext, io: ChangeIo): Promise<void> {
  for (const side of sideNames) await io.change(testerOf(component, plan).ssh, lowerTunnel(side))
  for (const side of sideNames) await dismissTestPeer(gatewayAt(component, plan, side), io)
}

/** A fresh tunnel to this site, at an address or a name; its private key goes by standard input. Gives what carries it. */
export async function raiseTestTunnel(
  { component, plan }: StepContext,
  side: SiteSide,
  endpoint: string,
  io: ChangeIo,
): Promise<string> {
  const at = gatewayAt(component, plan, side)
  const { test, within, port } = at.spec
  const { publicKey } = await identityOf(at, io)
  const argv = raiseTunnel(side, {
    address: test.address,
    publicKey,
    endpoint: endpointOf(endpoint, port),
    within,
  })
  const input = `${(await io.secret(test.privateKey)).trim()}\n`
  const { stdout } = await io.change(testerOf(component, plan).ssh, argv, { input, timeoutSeconds: 60 })
  return stdout.trim()
}
