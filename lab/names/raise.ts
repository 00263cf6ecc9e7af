import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { giveTo } from '../hosts/accounts.ts'
import { installService } from '../hosts/service.ts'
import { treeOf } from '../paths.ts'
import { secret } from '../secrets.ts'
import { type HostPlan, internetAddress } from '../topology.ts'
import { knotConfig, zoneFile } from './knot.ts'
import { unboundConfig } from './unbound.ts'

type NamesLab = { name: string; index: number; initialTtlSeconds: number }

export function writeAuthoritative(lab: NamesLab, host: HostPlan): void {
  const tree = treeOf(lab.name, host.name)
  const data = join(tree, 'var/lib/knot')
  mkdirSync(data)
  writeFileSync(join(data, 'techcorp.test.zone'), zoneFile(lab.index, host.address, lab.initialTtlSeconds))
  const configuration = join(tree, 'etc/knot/knot.conf')
  writeFileSync(configuration, knotConfig(host.address, secret(lab.name, 'tsig')))
  chmodSync(configuration, 0o640)
  giveTo('knot', data, join(data, 'techcorp.test.zone'), join(tree, 'etc/knot'), configuration)
  installService(tree, { name: 'knot', argv: ['knotd', '-c', '/etc/knot/knot.conf'] })
}

export function writeResolver(lab: NamesLab, host: HostPlan): void {
  const tree = treeOf(lab.name, host.name)
  mkdirSync(join(tree, 'var/lib/unbound'))
  const authoritative = internetAddress(lab.index, 54)
  writeFileSync(join(tree, 'etc/unbound/unbound.conf'), unboundConfig(lab.index, host.address, authoritative))
  installService(tree, { name: 'unbound', argv: ['unbound', '-d', '-c', '/etc/unbound/unbound.conf'] })
}

export function writeUsers(lab: NamesLab, host: HostPlan): void {
  const resolver = internetAddress(lab.index, 53)
  writeFileSync(join(treeOf(lab.name, host.name), 'etc/resolv.conf'), `nameserver ${resolver}\n`)
}
