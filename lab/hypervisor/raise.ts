import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostOf } from '../enter.ts'
import { buildGuest } from '../guest/build.ts'
import { guestEnvironment } from '../guest/environment.ts'
import type { GuestProgram } from '../guest/programs.ts'
import { servicePort } from '../hosts/estate.ts'
import { apiPort } from '../hosts/hypervisor.ts'
import { answers, untilReady } from '../hosts/start.ts'
import { treeOf } from '../paths.ts'
import { secret } from '../secrets.ts'
import { settleAllThenThrow } from '../settle-all.ts'
import { addressOf, type GuestPlan, lanOf, siteNames } from '../topology.ts'
import type { Lab } from '../types.ts'
import { askHypervisor } from './api-client.ts'

const host = 'montpellier-hypervisor'
/** An emulated CPU takes 6-9 s to boot one guest, longer when two boot at once. */
const bootSeconds = 120

/** Makes the disks and the configurations of Montpellier's guests. Toulouse's hypervisor stays empty. */
export async function buildGuests(lab: Lab, guests: readonly GuestPlan[]): Promise<void> {
  // One after the other: they share a base disk that the first may have to make.
  for (const guest of guests) await build(lab, guest)
}

/** Starts them, now that what they ask is there, and returns when their programs answer. */
export async function startGuests(lab: Lab, guests: readonly GuestPlan[]): Promise<void> {
  if (guests.length > 0)
    await untilReady(`the API of ${host}`, 120, () => answers(hostOf(lab, host).address, apiPort))
  for (const { vmid } of guests) await askHypervisor(lab, 'montpellier', 'POST', `/qemu/${vmid}/status/start`)
  await settleAllThenThrow(
    guests.map(({ role, vmid }) =>
      untilReady(`${role} on guest ${vmid}`, bootSeconds, () =>
        isWarm(addressOf(lab.index, 'montpellier', role)),
      ),
    ),
  )
}

/** Its program answers, with its database, and at ease: the first answers of an emulated CPU take seconds. */
async function isWarm(address: string): Promise<boolean> {
  const url = `http://${address}:${servicePort}/health`
  for (let asked = 0; asked < 5; asked += 1)
    if (
      !(await fetch(url, { signal: AbortSignal.timeout(1000) }).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      return false
  return true
}

async function build(lab: Lab, { role, vmid, needs }: GuestPlan): Promise<void> {
  const tree = treeOf(lab.name, host)
  const at = (other: string) => addressOf(lab.index, 'montpellier', other)
  await buildGuest({
    program: role as GuestProgram,
    address: `${at(role)}/24`,
    gateway: at('gateway'),
    others: Object.fromEntries(needs.map(other => [other, at(other)])),
    environment: guestEnvironment({
      databasePassword: secret(lab.name, 'database-estate'),
      siteNetworks: Object.fromEntries(siteNames.map(site => [site, lanOf(lab.index, site)])),
    }),
    output: join(tree, 'var/lib/vz/images', String(vmid), `vm-${vmid}-disk-0.qcow2`),
  })
  writeFileSync(join(tree, 'etc/pve/qemu-server', `${vmid}.conf`), machineConfig(lab.index, role, vmid))
}

/** As Proxmox VE writes it. */
export function machineConfig(index: number, role: string, vmid: number): string {
  const byte = (value: number) => value.toString(16).toUpperCase().padStart(2, '0')
  const mac = ['BC', '24', '11', byte(index), byte(vmid >> 8), byte(vmid & 0xff)].join(':')
  const options: Record<string, string> = {
    agent: '1',
    boot: 'order=scsi0',
    cores: '1',
    cpu: 'Westmere',
    memory: '384',
    name: role,
    net0: `virtio=${mac},bridge=vmbr0`,
    onboot: '1',
    ostype: 'l26',
    scsi0: `local:${vmid}/vm-${vmid}-disk-0.qcow2,size=512M`,
    scsihw: 'virtio-scsi-pci',
    sockets: '1',
  }
  return Object.entries(options)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
}
