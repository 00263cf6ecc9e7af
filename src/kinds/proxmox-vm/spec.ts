import { z } from 'zod'
import { secretReference } from '../kit/fields.ts'
import en from './messages/en.json' with { type: 'json' }

const absolutePath = z.string().regex(/^(\/(?!\.{1,2}(\/|$))[^/\0\n]+)+$/, 'proxmox-vm.spec.path')
const hostKey = z.string().min(1).describe('Key of the site’s hosts: the hypervisor, for ssh')
const vmid = z.int().min(100).max(999_999_999)
const bridge = z.string().regex(/^[A-Za-z][\w.-]{0,14}$/, 'proxmox-vm.spec.bridge')

const api = z
  .strictObject({
    url: z
      .url({ protocol: /^https$/, error: 'proxmox-vm.spec.url' })
      .refine(url => !url.endsWith('/'), 'proxmox-vm.spec.urlSlash')
      .describe('Where the API answers, e.g. https://192.0.2.60:8006'),
    token: z
      .string()
      .regex(/^[^\s!=@]+@[A-Za-z][\w.-]*![A-Za-z][\w.-]+$/, 'proxmox-vm.spec.token')
      .describe('API token, as user@realm!name; its secret is not part of it'),
    secret: secretReference(),
    fingerprint: z
      .string()
      .regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}$/, 'proxmox-vm.spec.fingerprint')
      .describe('SHA-256 fingerprint of the API’s certificate: nothing is sent to any other'),
  })
  .describe('The Proxmox VE API of that site')

const sourceSide = z.strictObject({
  host: hostKey,
  node: z.string().min(1).describe('Name of the Proxmox VE node that holds the machine'),
  api,
})
const targetSide = sourceSide.extend({
  node: z.string().min(1).describe('Name of the Proxmox VE node that is to hold the machine'),
  storage: z.string().min(1).describe('Storage for the machine’s disks'),
  bridge: bridge.describe('Bridge for the machine’s network cards'),
  testBridge: bridge.describe('Isolated bridge, without any way out, for test restores'),
  vlan: z.int().min(1).max(4094).optional().describe('VLAN tag at the target; default: none'),
  vmid: vmid.optional().describe('Number of the machine at the target; default: the same'),
  keepMac: z.boolean().default(true).describe('Network cards keep their MAC address'),
})

const addressing = z.strictObject({
  address: z.cidrv4('proxmox-vm.spec.address').describe('Address with its prefix length, e.g. 192.0.2.30/24'),
  gateway: z.ipv4('proxmox-vm.spec.gateway'),
  others: z
    .record(z.string().min(1), z.ipv4('proxmox-vm.spec.gateway'))
    .default({})
    .describe('Other addresses written in the guest’s files, by a name; the same names at both sides'),
})
const changedAddress = z
  .strictObject({
    source: addressing,
    target: addressing,
    files: z
      .array(absolutePath)
      .default([])
      .describe('Files in the guest in which each address of the source becomes that of the target'),
    apply: z
      .array(z.string().min(1))
      .optional()
      .describe('Program run in the guest once its files are written, as a list of arguments'),
    cloudInit: z
      .boolean()
      .default(false)
      .describe('Set the address by cloud-init (ipconfig0) instead of in files'),
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
  name: z.string().min(1).describe('What is shown when it fails'),
  exec: z.array(z.string().min(1)).min(1).describe('Program run in the guest, as a list of arguments'),
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
  vmid: vmid.describe('Number of the machine at the source'),
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
    .describe('Folder at both hypervisors for what travels; it wants room for the machine’s disks'),
  bandwidthLimitMbps: z
    .number()
    .positive()
    .optional()
    .describe('Most that the copies of the days before may take of the link, in Mbit/s'),
  network: z
    .union([changedAddress, keptAddress])
    .optional()
    .describe('How the guest’s address changes, or which address it must keep; default: nothing is done'),
  shutdown: z
    .strictObject({
      timeoutSeconds: z
        .number()
        .positive()
        .max(3600)
        .default(60)
        .describe('How long a clean shutdown may take, in seconds'),
      forceStop: z
        .boolean()
        .default(false)
        .describe('Past that time, switch the machine off: what it had not written is lost'),
    })
    .prefault({}),
  startSeconds: z
    .number()
    .positive()
    .max(3600)
    .default(120)
    .describe('How long one start may take until the agent answers and the probes pass, in seconds'),
  probes: z
    .array(probe)
    .default([])
    .describe('Programs run in the guest by its agent; they work in an isolated network too'),
})
export type MachineSpec = z.infer<typeof machineSpec>
export type ProbeSpec = z.infer<typeof probe>
export type ApiSpec = z.infer<typeof api>
export type Addressing = z.infer<typeof addressing>
export type ChangedAddress = z.infer<typeof changedAddress>
