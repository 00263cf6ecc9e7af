import type { ChangeIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { endpointOf } from '../clients/notes.ts'
import { dismissTestPeer } from '../gateway-peer.ts'
import { gatewayAt, gatewaysOf, testerOf, type Vpn } from '../gateways.ts'
import { identityOf } from '../interface.ts'
import { lowerTunnel, raiseTunnel } from './commands.ts'

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

export async function dismissTestClient(
  vpn: Vpn,
  io: ChangeIo,
  at: readonly SiteSide[] = ['source', 'target'],
): Promise<void> {
  const gateways = gatewaysOf(vpn)
  for (const side of ['source', 'target'] as const) await io.change(testerOf(vpn).ssh, lowerTunnel(side))
  for (const side of at) await dismissTestPeer(gateways[side], io)
}
