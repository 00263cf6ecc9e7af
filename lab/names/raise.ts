import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zone } from '../edge/gateway.ts'
import { giveTo } from '../hosts/accounts.ts'
import { installService } from '../hosts/service.ts'
import { treeOf } from '../paths.ts'
import { secret } from '../secrets.ts'
import { type HostPlan, internetAddress } from '../topology.ts'
import type { LabPart } from '../types.ts'
import { homeOf, primaryConfig, secondaryConfig } from './knot.ts'
import { unboundConfig } from './unbound.ts'
import {
  authoritativeBytes,
  externalZone,
  internalPort,
  internalZone,
  resolverBytes,
  reverseZone,
  reverseZonePlan,
  zoneFile,
} from './zones.ts'

/** The server of the view inside, beside `knot` on the same host. */
export const internalKnot = 'knot-internal'

type NamesLab = { name: string; index: number; parts: readonly LabPart[]; initialTtlSeconds: number }
const secondaryAddress = (index: number) => internetAddress(index, authoritativeBytes.secondary)

/** Where those inside are answered, there is something inside: the part `network`. */
const hasInside = ({ parts }: NamesLab) => parts.includes('network')

export function writeAuthoritative(lab: NamesLab, host: HostPlan): void {
  const { index, initialTtlSeconds: ttlSeconds } = lab
  const tree = treeOf(lab.name, host.name)
  const zones = [externalZone(index, hasInside(lab)), reverseZonePlan(index)]
  writeKnot(tree, 'knot', primaryConfigOf(lab, host.address))
  for (const plan of zones) writeZone(tree, 'knot', plan.zone, zoneFile(plan, ttlSeconds))
  if (!hasInside(lab)) return
  const listen = { address: host.address, port: internalPort }
  const inside = { service: internalKnot, listen, zones: [zone] }
  writeKnot(tree, internalKnot, primaryConfig(inside, secret(lab.name, 'tsig')))
  writeZone(tree, internalKnot, zone, zoneFile(internalZone(index), ttlSeconds))
}

export function writeSecondary(lab: NamesLab, host: HostPlan): void {
  const { index } = lab
  const primary = internetAddress(index, authoritativeBytes.primary)
  writeKnot(
    treeOf(lab.name, host.name),
    'knot',
    secondaryConfigOf(index, host.address),
    untilAnswers(primary),
  )
}

/** Knot without any zone asks again half a minute later; the lab's hosts start in no order. */
const untilAnswers = (primary: string): string =>
  `until dig +short +tries=1 +time=1 @${primary} ${zone} SOA | grep -q .; do sleep 0.1; done`

/** Of the outside. `keySecret`: another than the lab's is a fault. */
export const primaryConfigOf = (
  lab: { name: string; index: number },
  address: string,
  keySecret = secret(lab.name, 'tsig'),
): string =>
  primaryConfig(
    { service: 'knot', listen: { address, port: 53 }, zones: [zone, reverseZone(lab.index)] },
    keySecret,
    secondaryAddress(lab.index),
  )

/** `primary`: another than the lab's is a fault. */
export const secondaryConfigOf = (
  index: number,
  address: string,
  primary = internetAddress(index, authoritativeBytes.primary),
): string =>
  secondaryConfig(
    { service: 'knot', listen: { address, port: 53 }, zones: [zone, reverseZone(index)] },
    primary,
  )

export const knotConfigFile = (service: string) => `etc/knot/${service}.conf`

function writeKnot(tree: string, service: string, configuration: string, first?: string): void {
  const home = join(tree, homeOf(service))
  const file = join(tree, knotConfigFile(service))
  mkdirSync(home)
  writeFileSync(file, configuration)
  chmodSync(file, 0o640)
  giveTo('knot', home, join(tree, 'etc/knot'), file)
  const knot = ['knotd', '-c', `/${knotConfigFile(service)}`]
  const argv = first === undefined ? knot : ['sh', '-c', `${first}; exec ${knot.join(' ')}`]
  installService(tree, { name: service, argv })
}

function writeZone(tree: string, service: string, name: string, content: string): void {
  const file = join(tree, homeOf(service), `${name}.zone`)
  writeFileSync(file, content)
  giveTo('knot', file)
}

export const writeResolver = (lab: NamesLab, host: HostPlan): void => writeUnbound(lab, host, false)
export const writeStubborn = (lab: NamesLab, host: HostPlan): void => writeUnbound(lab, host, true)

function writeUnbound(lab: NamesLab, host: HostPlan, isStubborn: boolean): void {
  const tree = treeOf(lab.name, host.name)
  mkdirSync(join(tree, 'var/lib/unbound'))
  writeFileSync(join(tree, 'etc/unbound/unbound.conf'), unboundConfig(lab.index, host.address, isStubborn))
  installService(tree, { name: 'unbound', argv: ['unbound', '-d', '-c', '/etc/unbound/unbound.conf'] })
}

export function writeUsers(lab: NamesLab, host: HostPlan): void {
  const resolver = internetAddress(lab.index, resolverBytes.honest)
  writeFileSync(join(treeOf(lab.name, host.name), 'etc/resolv.conf'), `nameserver ${resolver}\n`)
}
