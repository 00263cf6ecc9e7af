import type { MachineAudit } from '../../src/kinds/proxmox-vm/facts.ts'
import { machineSpec } from '../../src/kinds/proxmox-vm/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { PlanContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { RoleLookup, RoleName } from '../../src/model/roles.ts'

const host = (site: string, lan: string) => ({
  hypervisor: { ssh: `${site}-hypervisor`, address: `${lan}.60`, become: 'runuser' as const },
})
const fingerprint = Array(32).fill('AB').join(':')
const api = (lan: string, site: string) => ({
  url: `https://${lan}.60:8006`,
  token: 'bascule@pve!move',
  secret: `file:/secrets/pve-${site}`,
  fingerprint,
})
export const secrets = {
  'file:/secrets/pve-montpellier': '11111111-5d8f-4f0e-9a51-2f6f3c1d7e90',
  'file:/secrets/pve-toulouse': '22222222-5d8f-4f0e-9a51-2f6f3c1d7e90',
}

export const plan = {
  name: 'test',
  sites: {
    source: { id: 'montpellier', title: 'Montpellier', hosts: host('montpellier', '10.80.1') },
    target: { id: 'toulouse', title: 'Toulouse', hosts: host('toulouse', '10.80.2') },
  },
  rollback: { serviceStartAttempts: 3 },
} as unknown as Plan
export const context: PlanContext = {
  plan,
  mode: 'preparation',
  facts: {},
  roles: ((role: RoleName) =>
    role === 'linkRate' ? [{ component: 'link', value: { mbps: 180, from: 'measured' } }] : []) as RoleLookup,
}

export const written: JsonObject = {
  vmid: 101,
  source: { host: 'hypervisor', node: 'montpellier', api: api('10.80.1', 'montpellier') },
  target: {
    host: 'hypervisor',
    node: 'toulouse',
    api: api('10.80.2', 'toulouse'),
    storage: 'local',
    bridge: 'vmbr0',
    testBridge: 'vmbr9',
  },
  network: {
    source: { address: '10.80.1.30/24', gateway: '10.80.1.1', others: { database: '10.80.1.10' } },
    target: { address: '10.80.2.30/24', gateway: '10.80.2.1', others: { database: '10.80.2.10' } },
    files: ['/etc/network/interfaces', '/etc/hosts'],
    apply: ['/sbin/apply-network'],
  },
  probes: [{ name: 'answers', exec: ['true'] }],
}

/** `changes` replaces fields of the spec; `target` is merged, an undefined field is taken away. */
export function machineComponent(changes: Record<string, unknown> = {}): Component {
  const { target, ...others } = changes
  const merged = {
    ...written,
    ...others,
    target: { ...(written.target as JsonObject), ...(target as JsonObject | undefined) },
  }
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined))
  return {
    id: 'auth-machine',
    kind: 'proxmox-vm',
    title: 'Authentication',
    criticality: 'critical',
    owner: 'sysadmin',
    needs: [],
    spec: machineSpec.parse(kept) as unknown as JsonObject,
  }
}

const gigabyte = 1e9
/** All is well: a running machine of 128 MB, everything known, nothing in the way. */
export const sound: MachineAudit = {
  sourceVersion: '9.1',
  targetVersion: '9.1',
  found: true,
  name: 'auth',
  memoryMegabytes: 512,
  cpuType: 'Westmere',
  osType: 'l26',
  agentEnabled: true,
  agent: true,
  running: true,
  qmpStatus: 'running',
  lock: '',
  onboot: false,
  protection: false,
  template: false,
  cloudInit: false,
  ha: false,
  replicated: false,
  snapshots: [],
  localDevices: [],
  disks: [
    {
      slot: 'scsi0',
      volume: 'local:101/vm-101-disk-0.qcow2',
      storage: 'local',
      storageType: 'dir',
      format: 'qcow2',
      sizeBytes: 512 * 1024 ** 2,
      usedBytes: 128e6,
    },
  ],
  cards: [{ slot: 'net0', model: 'virtio', mac: 'BC:24:11:0A:01:1E', bridge: 'vmbr0', vlan: null }],
  qmp: true,
  bitmaps: [],
  missingTools: [],
  sshBetween: true,
  sourceStagingFreeBytes: 50 * gigabyte,
  targetStagingFreeBytes: 50 * gigabyte,
  sourceMissingRights: [],
  targetMissingRights: [],
  targetNodeStatus: 'online',
  targetStorages: [
    {
      storage: 'local',
      type: 'dir',
      content: ['images', 'backup', 'iso'],
      formats: ['raw', 'qcow2', 'vmdk'],
      freeBytes: 50 * gigabyte,
      active: true,
    },
    {
      storage: 'thin',
      type: 'lvmthin',
      content: ['images'],
      formats: ['raw'],
      freeBytes: 50 * gigabyte,
      active: true,
    },
  ],
  targetStorageType: 'dir',
  targetFormats: ['raw', 'qcow2', 'vmdk'],
  targetFreeBytes: 50 * gigabyte,
  targetBridges: [
    { name: 'vmbr0', active: true, vlanAware: true, ports: 'eth0' },
    { name: 'vmbr9', active: true, vlanAware: false, ports: '' },
  ],
  targetCpuModels: ['host', 'kvm64', 'Westmere', 'x86-64-v2-AES'],
  guestHostName: 'auth',
  guestOs: 'Debian GNU/Linux 12 (bookworm)',
  guestInterfaces: [
    { name: 'lo', mac: '00:00:00:00:00:00', addresses: ['127.0.0.1/8', '::1/128'] },
    { name: 'eth0', mac: 'bc:24:11:0a:01:1e', addresses: ['10.80.1.30/24', 'fe80::be24:11ff:fe0a:11e/64'] },
  ],
  guestFiles: [
    { path: '/etc/network/interfaces', addresses: ['10.80.1.30', '10.80.1.1'] },
    { path: '/etc/hosts', addresses: ['127.0.0.1', '10.80.1.30', '10.80.1.10'] },
    { path: '/etc/resolv.conf', addresses: ['10.80.4.53'] },
  ],
}
