import { Failure } from '../../../model/failure.ts'
import type { Action } from '../../../model/kind.ts'
import { endpointOf } from '../clients/notes.ts'
import { gatewayAt, testerOf } from '../gateways.ts'
import { tunnelLeadsTo } from '../tester/ask.ts'
import { failedOf, openDoor, prove, shown } from '../tester/prove.ts'
import { raiseTestTunnel } from './test-client.ts'

/**
 * As a trainer on the morning after: a fresh tunnel, by the name he has (`params.by`), reaches the dashboard at the target;
 * without it nobody does.
 */
export const proveTunnel: Action = {
  isDone: async () => false,
  async apply(context, io) {
    const { component, plan, step } = context
    const target = gatewayAt(component, plan, 'target')
    const { endpointName, port } = target.spec
    const dialled = step.params.by === 'name' && endpointName !== undefined ? endpointName : target.endpoint
    const implementation = await raiseTestTunnel(context, 'target', dialled, io)
    const expected = endpointOf(target.endpoint, port)
    const leadsTo = await tunnelLeadsTo(component, plan, 'target', io)
    const values = {
      component: component.id,
      site: target.siteTitle,
      dialled,
      tester: testerOf(component, plan).ssh,
    }
    if (leadsTo !== expected)
      throw new Failure({
        key: 'wireguard.prove.leadsElsewhere',
        values: { ...values, leadsTo: leadsTo ?? '', expected },
      })
    const proofs = await prove(component, plan, 'target', openDoor, io)
    if (failedOf(proofs).length > 0)
      throw new Failure(
        { key: 'wireguard.prove.failed', values: { ...values, seen: shown(proofs) } },
        { remedy: { key: 'wireguard.prove.failed.remedy', values } },
      )
    return { dialled, leadsTo, implementation, proofs }
  },
}
