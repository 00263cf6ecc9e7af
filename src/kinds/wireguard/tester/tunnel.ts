import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { endpointOf } from '../clients/notes.ts'
import { dismissTestPeer } from '../gateway-peer.ts'
import { gatewayAt, gatewaysOf, testerOf, type Vpn } from '../gateways.ts'
import { identityOf } from '../interface.ts'
import { tunnelLeadsTo } from './ask.ts'
import { lowerTunnel, raiseTunnel } from './commands.ts'
import { failedOf, openDoor, proof, prove, shown } from './prove.ts'

/** A fresh tunnel to this site, at an address or a name; its private key goes by standard input. Gives what carries it. */
export async function raiseTestTunnel(
  vpn: Vpn,
  side: SiteSide,
  endpoint: string,
  io: ChangeIo,
): Promise<string> {
  const at = gatewayAt(vpn, side)
  const { test, within, port } = vpn.spec
  const { publicKey } = await identityOf(at, io)
  const argv = raiseTunnel(side, {
    address: test.address,
    publicKey,
    endpoint: endpointOf(endpoint, port),
    within,
  })
  const input = `${(await io.secret(test.privateKey)).trim()}\n`
  const { stdout } = await io.change(testerOf(vpn).ssh, argv, { input, timeoutSeconds: 60 })
  return stdout.trim()
}

export async function dismissTestClient(vpn: Vpn, io: ChangeIo): Promise<void> {
  const { source, target } = gatewaysOf(vpn)
  for (const { side } of [source, target]) await io.change(testerOf(vpn).ssh, lowerTunnel(side))
  for (const at of [source, target]) await dismissTestPeer(at, io)
}

/** What a fresh tunnel to the target has shown. `dialled`: the name or address that it was given. */
export const proven = z.object({
  dialled: z.string(),
  leadsTo: z.string(),
  implementation: z.string(),
  proofs: z.array(proof),
})

/** As a trainer on the morning after: a fresh tunnel reaches the dashboard at the target; without it nobody does. */
export async function proveFreshTunnel(
  vpn: Vpn,
  dialled: string,
  io: ChangeIo,
): Promise<z.infer<typeof proven>> {
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
  const proofs = await prove(vpn, 'target', openDoor, io)
  if (failedOf(proofs).length > 0)
    throw new Failure(
      { key: 'wireguard.prove.failed', values: { ...values, seen: shown(proofs) } },
      { remedy: { key: 'wireguard.prove.failed.remedy', values } },
    )
  return { dialled, leadsTo, implementation, proofs }
}
