import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import { endpointOf } from '../clients/notes.ts'
import { wireguard } from '../facts.ts'
import { gatewayAt, testerOf, type Vpn } from '../gateways.ts'
import { nothingToUndo, shown, timings } from '../step.ts'
import { tunnelLeadsTo } from '../tester/ask.ts'
import { failedOf, openDoor, proof, shown as proofsShown, testTunnel } from '../tester/prove.ts'
import { raiseTestTunnel } from '../tester/tunnel.ts'

/** What a fresh tunnel to the target has shown. `dialled`: the name or address that it was given. */
const proven = z.object({
  dialled: z.string(),
  leadsTo: z.string(),
  implementation: z.string(),
  proofs: z.array(proof),
})

/** Live: by the name that clients have, once it leads to the target. */
export const prove = wireguard.action({
  name: 'prove',
  touches: ['outside'],
  result: proven,
  plan: about => ({
    ...timings(about, 10),
    title: { key: 'wireguard.prove.title', values: shown(about) },
    stage: 'settle',
    attempts: 4,
    backoffSeconds: 5,
    undo: nothingToUndo,
  }),
  isDone: async () => false,
  apply: (acting, io) =>
    proveFreshTunnel(acting, acting.spec.endpointName ?? acting.spec.target.endpoint, io.at('outside')),
})

/** In a rehearsal: by the target's address: the name still leads to the source. */
export const tryTarget = wireguard.action({
  name: 'try',
  touches: ['outside'],
  result: proven,
  plan: about => ({
    ...timings(about, 10),
    title: { key: 'wireguard.try.title', values: shown(about) },
    stage: 'switch',
    attempts: 4,
    backoffSeconds: 5,
    undo: nothingToUndo,
  }),
  isDone: async () => false,
  apply: (acting, io) => proveFreshTunnel(acting, acting.spec.target.endpoint, io.at('outside')),
})

/** As a trainer on the morning after: a fresh tunnel reaches the dashboard at the target; without it nobody does. */
async function proveFreshTunnel(vpn: Vpn, dialled: string, io: ChangeIo): Promise<z.infer<typeof proven>> {
  const target = gatewayAt(vpn, 'target')
  const implementation = await raiseTestTunnel(vpn, 'target', dialled, io)
  const expected = endpointOf(target.endpoint, vpn.spec.port)
  const leadsTo = await tunnelLeadsTo(vpn, 'target', io)
  const values = {
    component: vpn.component.id,
    site: target.siteTitle,
    dialled,
    tester: testerOf(vpn).ssh,
  }
  if (leadsTo !== expected)
    throw new Failure({
      key: 'wireguard.prove.leadsElsewhere',
      values: { ...values, leadsTo: leadsTo ?? '', expected },
    })
  const proofs = await testTunnel(vpn, 'target', openDoor, io)
  if (failedOf(proofs).length > 0)
    throw new Failure(
      { key: 'wireguard.prove.failed', values: { ...values, seen: proofsShown(proofs) } },
      { remedy: { key: 'wireguard.prove.failed.remedy', values } },
    )
  return { dialled, leadsTo, implementation, proofs }
}
