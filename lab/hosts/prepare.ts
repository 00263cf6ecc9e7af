import { writeGateway, writeMedia } from '../edge/raise.ts'
import { writeFirewall } from '../firewall/raise.ts'
import {
  writeAuthoritative,
  writeResolver,
  writeSecondary,
  writeStubborn,
  writeUsers,
} from '../names/raise.ts'
import { treeOf } from '../paths.ts'
import { settleAllThenThrow } from '../settle-all.ts'
import type { HostPlan } from '../topology.ts'
import type { LabPart } from '../types.ts'
import { writeVpn } from '../vpn/raise.ts'
import { writeEstateService } from './estate.ts'
import { writeCertificates, writeHypervisor } from './hypervisor.ts'
import { writeSshKeys } from './sshd.ts'
import { writeTree } from './tree.ts'

export type PreparedLab = {
  name: string
  index: number
  parts: readonly LabPart[]
  initialTtlSeconds: number
}
type Prepare = (lab: PreparedLab, host: HostPlan, hosts: HostPlan[]) => void

/** What a host gets on its disk beside Debian and sshd, by its role. PostgreSQL is made once the host runs. */
const byRole: Record<string, Prepare[]> = {
  gateway: [writeGateway, writeFirewall],
  files: [writeMedia],
  auth: [writeEstateService],
  courses: [writeEstateService],
  dashboard: [writeEstateService],
  hypervisor: [writeHypervisor],
  dns: [writeAuthoritative],
  secondary: [writeSecondary],
  resolver: [writeResolver],
  stubborn: [writeStubborn],
  users: [writeUsers],
}

/** Writes the disks of all hosts, ready to be started. */
export async function prepareHosts(lab: PreparedLab, hosts: HostPlan[]): Promise<void> {
  for (const host of hosts) {
    writeTree(treeOf(lab.name, host.name), host, hosts)
    for (const prepare of byRole[host.role] ?? []) prepare(lab, host, hosts)
  }
  await settleAllThenThrow([
    writeSshKeys(lab.name, hosts),
    writeCertificates(lab.name, hosts),
    writeVpn(lab, hosts),
  ])
}
