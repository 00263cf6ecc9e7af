import { z } from 'zod'
import { fingerprint, secretReference } from '../kit/fields.ts'
import en from './messages/en.json' with { type: 'json' }

const absolutePath = z.string().regex(/^(\/(?!\.{1,2}(\/|$))[^/\0\n]+)+$/, 'proxmox-vm.spec.path')
const hostKey = z.string().min(1).describe('Key of the site’s hosts: the hypervisor, for SSH')
const vmid = z.int().min(100).max(999_999_999)
const bridge = z.string().regex(/^[A-Za-z][\w.-]{0,14}$/, 'proxmox-vm.spec.bridge')

const api = z
  .strictObject({
    url: z
      .url({ protocol: /^https$/, error: 'proxmox-vm.spec.url' })
      .refine(url => !url.endsWith('/'), 'proxmox-vm.spec.urlSlash')
      .describe('URL of the API, e.g. https://192.0.2.60:8006'),
    token: z
      .string()
      .regex(/^[^\s!=@]+@[A-Za-z][\w.-]*![A-Za-z][\w.-]+$/, 'proxmox-vm.spec.token')
      .describe('API token, as user@realm!name, without its secret'),
    secret: secretReference(),
    fingerprint: fingerprint('proxmox-vm.spec.fingerprint').describe(
      'SHA-256 fingerprint of the API’s certificate; Bascule sends nothing to a server with another one',
    ),
  })
  .describe('The Proxmox VE API of that site')

const sourceSide = z.strictObject({
  host: hostKey,
  node: z.string().min(1).describe('Proxmox VE node of the VM'),
  api,
})
const targetSide = sourceSide.extend({
  node: z.string().min(1).describe('Proxmox VE node that receives the VM'),
  storage: z.string().min(1).describe('Storage for the VM’s disks'),
  bridge: bridge.describe('Bridge for the VM’s network cards'),
  testBridge: bridge.describe('Isolated bridge, without ports, for test restores'),
  vlan: z.int().min(1).max(4094).optional().describe('VLAN tag at the target; default: none'),
  vmid: vmid.optional().describe('VMID at the target; default: the same'),
  keepMac: z.boolean().default(true).describe('Network cards keep their MAC address'),
})

const addressing = z.strictObject({
  address: z.cidrv4('proxmox-vm.spec.address').describe('Address with its prefix length, e.g. 192.0.2.30/24'),
  gateway: z.ipv4('proxmox-vm.spec.gateway'),
  others: z
    .record(z.string().min(1), z.ipv4('proxmox-vm.spec.gateway'))
    .default({})
    .describe('Other addresses in the guest’s files, by name; the same names at both sites'),
})
const changedAddress = z
  .strictObject({
    source: addressing,
    target: addressing,
    files: z
      .array(absolutePath)
      .default([])
      .describe('Files of the guest in which each source address is replaced by the target’s'),
    apply: z
      .array(z.string().min(1))
      .optional()
      .describe('Command executed in the guest after its files are written, as a list of arguments'),
    cloudInit: z
      .boolean()
      .default(false)
      .describe('Set the address with cloud-init (ipconfig0) instead of files'),
  })
  .refine(
    ({ source, target }) =>
      JSON.stringify(Object.keys(source.others).sort()) === JSON.stringify(Object.keys(target.others).sort()),
    'proxmox-vm.spec.others',
  )
const keptAddress = z.strictObject({
  keep: z.ipv4('proxmox-vm.spec.gateway').describe('Address the guest must have at both sites; checked'),
})

const probe = z.strictObject({
  name: z.string().min(1).describe('Name shown when it fails'),
  exec: z.array(z.string().min(1)).min(1).describe('Command executed in the guest, as a list of arguments'),
  expect: z
    .strictObject({
      exitCode: z.int().min(0).max(255).default(0),
      output: z.string().min(1).optional().describe('Regular expression that its output must match'),
    })
    .prefault({}),
  timeoutSeconds: z.number().positive().max(300).default(10),
})

export const methodNames = [
  'seed-and-delta',
  'seed-and-delta-zfs',
  'backup-restore',
  'remote-migrate',
  'remote-migrate-online',
] as const
export type MethodName = (typeof methodNames)[number]

export const machineSpec = z.strictObject({
  vmid: vmid.describe('VMID at the source'),
  source: sourceSide,
  target: targetSide,
  way: z
    .enum(methodNames)
    .optional()
    .describe(
      `How the machine travels; default: the way that is possible with the shortest cut. ${en['proxmox-vm.unproven.zfs'].replace(/\.$/, '')}`,
    ),
  staging: absolutePath
    .default('/var/lib/vz/bascule')
    .describe('Directory at both hypervisors for transfers; it needs free space for the VM’s disks'),
  bandwidthLimitMbps: z
    .number()
    .positive()
    .optional()
    .describe('Bandwidth limit of the copies before the window, in Mbit/s'),
  network: z
    .union([changedAddress, keptAddress])
    .optional()
    .describe('How the guest’s address changes, or which address it must keep; default: no change'),
  shutdown: z
    .strictObject({
      timeoutSeconds: z
        .number()
        .positive()
        .max(3600)
        .default(60)
        .describe('Longest time of a clean shutdown, in seconds'),
      forceStop: z
        .boolean()
        .default(false)
        .describe('After that time, power the VM off: data that it has not written is lost'),
    })
    .prefault({}),
  startSeconds: z
    .number()
    .positive()
    .max(3600)
    .default(120)
    .describe('Longest time from the start until the agent answers and the probes pass, in seconds'),
  probes: z
    .array(probe)
    .default([])
    .describe('Commands executed in the guest by its agent; they also work in an isolated network'),
})
export type MachineSpec = z.infer<typeof machineSpec>
export type ProbeSpec = z.infer<typeof probe>
export type ApiSpec = z.infer<typeof api>
export type Addressing = z.infer<typeof addressing>
export type ChangedAddress = z.infer<typeof changedAddress>
