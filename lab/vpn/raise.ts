import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installService } from '../hosts/service.ts'
import { repository, treeOf } from '../paths.ts'
import { secret } from '../secrets.ts'
import { type HostPlan, internetAddress, publicAddress, vpnAddress } from '../topology.ts'
import { clientFile, gatewayFile } from './configuration.ts'
import { type KeyPair, newKeyPair, publicKeyOf } from './keys.ts'
import {
  type Trainer,
  throughTheTunnel,
  trainers,
  vpnConfigFile,
  vpnGateway,
  vpnInterface,
  vpnName,
  vpnPort,
} from './map.ts'

type VpnLab = { name: string; index: number }

/**
 * In the field it is 135 s, when a tunnel that lives would have been renewed. A lab's night is short, and to look a name up
 * sooner than needed does no harm.
 */
const silentSeconds = 10
const reresolveEverySeconds = 3

/** WireGuard on the hosts that have it, before they start; nothing in a lab without trainers. */
export async function writeVpn(lab: VpnLab, hosts: readonly HostPlan[]): Promise<void> {
  const there = trainers.filter(({ role }) => hosts.some(host => host.role === role))
  if (there.length === 0) return
  const privateKey = secret(lab.name, 'vpn-gateway')
  const [gatewayKey, ...keys] = await Promise.all([publicKeyOf(privateKey), ...there.map(newKeyPair)])
  const clients = there.map((trainer, nth) => ({ trainer, key: keys[nth] as KeyPair }))

  const configuration = gatewayFile({
    address: `${vpnGateway(lab.index)}/24`,
    port: vpnPort,
    privateKey,
    peers: clients.map(({ trainer, key }) => ({
      name: trainer.role,
      publicKey: key.publicKey,
      allowedAddresses: [`${vpnAddress(lab.index, trainer.lastByte)}/32`],
    })),
  })
  writeTunnel(treeOf(lab.name, 'montpellier-gateway'), configuration)
  // Its file does not exist: the migration of the VPN writes it.
  writeTunnel(treeOf(lab.name, 'toulouse-gateway'))
  for (const { trainer, key } of clients) writeTrainer(lab, hosts, trainer, key.privateKey, gatewayKey)
  // He has no tunnel, and is told the same name as the trainers.
  writeNames(lab, hosts, treeOf(lab.name, 'internet-tester'))
}

function writeTrainer(
  lab: VpnLab,
  hosts: readonly HostPlan[],
  { role, lastByte, dials, isRestarted }: Trainer,
  privateKey: string,
  gatewayKey: string,
): void {
  const tree = treeOf(lab.name, `internet-${role}`)
  const gateway = publicAddress(lab.index, 'montpellier')
  const configuration = clientFile({
    address: `${vpnAddress(lab.index, lastByte)}/32`,
    privateKey,
    gatewayKey,
    endpoint: `${dials === 'name' ? vpnName : gateway}:${vpnPort}`,
    allowedAddresses: throughTheTunnel(lab.index),
  })
  writeTunnel(tree, configuration)
  writeNames(lab, hosts, tree)
  if (isRestarted)
    installService(tree, {
      name: 'reresolve',
      argv: [program('reresolve.sh'), vpnInterface, String(silentSeconds), String(reresolveEverySeconds)],
    })
}

/** How a machine outside learns where the gateway is: it asks the resolver where there is one, and else it just knows. */
function writeNames({ index }: VpnLab, hosts: readonly HostPlan[], tree: string): void {
  if (hosts.some(({ role }) => role === 'resolver'))
    writeFileSync(join(tree, 'etc/resolv.conf'), `nameserver ${internetAddress(index, 53)}\n`)
  else appendFileSync(join(tree, 'etc/hosts'), `${publicAddress(index, 'montpellier')} ${vpnName}\n`)
}

/** Without a configuration it is installed, and not to be started. */
function writeTunnel(tree: string, configuration?: string): void {
  if (configuration !== undefined) writeFileSync(join(tree, vpnConfigFile), configuration, { mode: 0o600 })
  installService(tree, {
    name: 'wireguard',
    argv: [program('tunnel.sh'), vpnInterface],
    down: configuration === undefined,
  })
}

const program = (name: string) => join(repository, 'lab/vpn', name)
