import { describe, expect, it } from 'vitest'
import { type MachineAudit, machineFacts } from '../../src/kinds/proxmox-vm/facts.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { realWiring, targetConfig } from '../../src/kinds/proxmox-vm/machine/target-config.ts'
import { chooseMethod, compareMethods, transferMethods } from '../../src/kinds/proxmox-vm/methods/choose.ts'
import { type MachineSpec, machineSpec } from '../../src/kinds/proxmox-vm/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { stages } from '../../src/model/stage.ts'
import { factsOf } from '../helpers/proxmox-plan.ts'

const api = {
  url: 'https://192.0.2.60:8006',
  token: 'bascule@pve!move',
  secret: 'env:TOKEN',
  fingerprint: Array(32).fill('AA').join(':'),
}
const spec: MachineSpec = machineSpec.parse({
  vmid: 101,
  source: { host: 'hypervisor', node: 'm', api },
  target: { host: 'hypervisor', node: 't', api, storage: 'local', bridge: 'vmbr0', testBridge: 'vmbr9' },
})
const component: Component = {
  id: 'machine',
  kind: 'proxmox-vm',
  title: 'Machine',
  criticality: 'critical',
  owner: 'sysadmin',
  needs: [],
  spec: spec as unknown as JsonObject,
}
const site = (id: string) => ({
  id,
  title: id,
  hosts: { hypervisor: { ssh: `${id}-hypervisor`, address: '192.0.2.60', become: 'runuser' } },
})
const plan = {
  sites: { source: site('montpellier'), target: site('toulouse') },
  components: { machine: component },
  rollback: { serviceStartAttempts: 4 },
} as unknown as Plan

const disk = {
  slot: 'scsi0',
  volume: 'local:101/vm-101-disk-0.qcow2',
  storage: 'local',
  storageType: 'dir',
  format: 'qcow2',
  sizeBytes: 20e9,
  usedBytes: 10e9,
}
const good = {
  disks: [disk],
  running: true,
  agent: true,
  qmp: true,
  sshBetween: true,
  targetStorageType: 'dir',
  targetFormats: ['qcow2', 'raw'],
  targetFreeBytes: 100e9,
  sourceStagingFreeBytes: 100e9,
  targetStagingFreeBytes: 100e9,
  churnBytesPerDay: 500e6,
}
const choose = (values: MachineAudit, way?: MachineSpec['way']) =>
  chooseMethod(transferMethods, machineFacts(values), way ? { ...spec, way } : spec, 200)

describe('the way of a machine', () => {
  it('is the possible one with the shortest cut', () => {
    expect(choose(good)?.way.name).toBe('seed-and-delta')
  })

  it('is another where the disks keep no records', () => {
    const raw = { ...good, disks: [{ ...disk, format: 'raw', storageType: 'lvmthin' }] }
    expect(choose(raw)?.way.name).not.toBe('seed-and-delta')
  })

  it('is what the plan says, possible or not', () => {
    const other = choose({ ...good, disks: [] }, 'seed-and-delta')
    expect(other?.way.name).toBe('seed-and-delta')
    expect(other?.possibility.possible).toBe(false)
  })

  it.each([
    ['snapshots', { snapshots: ['before'] }],
    ['ssh', { sshBetween: false }],
    ['qmp', { qmp: false }],
    ['room', { targetFreeBytes: 1e9 }],
    ['storage', { targetStorageType: 'lvmthin' }],
    ['tools', { missingTools: ['m: socat'] }],
  ])('says why it cannot be seed-and-delta: %s', (why, facts) => {
    const other = choose({ ...good, ...facts }, 'seed-and-delta')?.possibility
    expect(other).toMatchObject({
      possible: false,
      why: { key: `proxmox-vm.delta.impossible.${why}` },
      remedy: { key: `proxmox-vm.delta.impossible.${why}.remedy` },
    })
  })

  it('says sizes as people read them: what is needed rounded up, what is free down', () => {
    const tight = { ...good, targetFreeBytes: disk.usedBytes - 1 }
    const other = choose(tight, 'seed-and-delta')?.possibility
    const { wanted, target, source } = (other?.possible === false && other.why.values) || {}
    expect(source).toBe(100)
    expect(Number(wanted)).toBeGreaterThan(Number(target))
    expect(String(wanted)).toMatch(/^\d+(\.\d)?$/)
  })

  it('costs in the night what changed, not what the disk holds', () => {
    const [delta] = compareMethods(
      [transferMethods[0] as (typeof transferMethods)[number]],
      machineFacts(good),
      spec,
      200,
    )
    expect(delta?.forecast.windowBytes).toBeLessThan(0.01 * disk.usedBytes)
    expect(delta?.forecast.steps.seed).toBeGreaterThan(400)
  })
})

describe('the steps of a machine', () => {
  const names = (mode: 'preparation' | 'rehearsal' | 'live', values: object = good) =>
    kind
      .plan(component, factsOf(values), { plan, mode, facts: {} })
      .sort((left, right) => rank(left.stage) - rank(right.stage) || left.after.length - right.after.length)
      .map(step => `${step.stage} ${step.name}`)
  const rank = (stage: string) => stages.findIndex(({ id }) => id === stage)

  it('are these', () => {
    expect(names('preparation')).toEqual(['seed seed', 'seed delta', 'prove test-restore'])
    expect(names('rehearsal')).toEqual(['drain final-delta', 'start start'])
    expect(names('live')).toEqual([
      'quiesce shutdown',
      'drain final-delta',
      'drain compare',
      'handover way-back',
      'start start',
    ])
  })

  it('start as often as the plan allows, and then the night is undone', () => {
    const steps = kind.plan(component, factsOf(good), { plan, mode: 'live', facts: {} })
    const start = steps.find(({ name }) => name === 'start')
    expect(start).toMatchObject({ attempts: 4, trigger: 'R2' })
    expect(start?.deadlineSeconds).toBeGreaterThan(spec.startSeconds)
  })

  it.each(transferMethods.map(way => [way.name]))('say which of them makes the return path: %s', way => {
    const fixed = { ...component, spec: { ...component.spec, way } }
    const steps = kind.plan(fixed, factsOf(good), { plan, mode: 'live', facts: {} })
    const made = steps.filter(({ makesReturnPath }) => makesReturnPath === 'unmonitored')
    expect(made.map(({ name }) => name)).toEqual(['way-back'])
  })

  it('say every one of their sentences in both languages', () => {
    const { en, fr } = kind.messages
    for (const way of transferMethods) {
      const fixed = { ...component, spec: { ...component.spec, way: way.name } }
      for (const mode of ['preparation', 'rehearsal', 'live'] as const) {
        for (const { title, undo, action } of kind.plan(fixed, factsOf(good), { plan, mode, facts: {} })) {
          const { key } = undo.possible ? undo.byHand : undo.why
          for (const said of [title.key, key]) {
            expect(en).toHaveProperty([said])
            expect(fr).toHaveProperty([said])
          }
          if (undo.possible) expect(kind.actions[action]?.undo, action).toBeTypeOf('function')
        }
      }
    }
  })
})

describe('the settings at the target', () => {
  const source = {
    name: 'auth',
    digest: 'd',
    lock: 'backup',
    vmgenid: 'g',
    args: '-x',
    onboot: '1',
    memory: '512',
    scsi0: 'thin:vm-101-disk-0,size=20G,iothread=1',
    ide2: 'iso:iso/debian.iso,media=cdrom,size=4M',
    net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr1,firewall=1,tag=7',
  }
  const volumes = { scsi0: 'local:101/vm-101-disk-0.qcow2' }

  it('are those of the source on its own wires and disks, and nothing starts by itself', () => {
    const config = targetConfig(
      source,
      volumes,
      { storage: 'local', bridge: 'vmbr0', vlan: 9, keepMac: true },
      'Bascule',
    )
    expect(config).toEqual({
      name: 'auth',
      memory: '512',
      onboot: '0',
      description: 'Bascule',
      scsi0: 'local:101/vm-101-disk-0.qcow2,iothread=1',
      ide2: 'none,media=cdrom',
      net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=9,firewall=1',
    })
  })

  it('have a cloud-init drive of their own', () => {
    const cloud = { ...source, ide2: 'local:101/vm-101-cloudinit.qcow2,media=cdrom' }
    const config = targetConfig(cloud, volumes, { storage: 'big', bridge: 'vmbr0', keepMac: true }, '')
    expect(config.ide2).toBe('big:cloudinit,media=cdrom')
  })

  it('have one too where PVE has not made it yet, whatever its slot', () => {
    const cloud = { ...source, scsi1: 'local:cloudinit,media=cdrom' }
    const config = targetConfig(cloud, volumes, { storage: 'big', bridge: 'vmbr0', keepMac: true }, '')
    expect(config).toMatchObject({ scsi1: 'big:cloudinit,media=cdrom', ide2: 'none,media=cdrom' })
  })

  it('have the target’s address, and a drive to take it from, where cloud-init changes it', () => {
    const addressed = {
      ...spec,
      network: {
        source: { address: '192.0.2.30/24', gateway: '192.0.2.1', others: {} },
        target: { address: '198.51.100.30/24', gateway: '198.51.100.1', others: {} },
        files: [],
        cloudInit: true,
      },
    }
    const config = targetConfig(
      { ...source, ipconfig0: 'ip=192.0.2.30/24,gw=192.0.2.1' },
      volumes,
      realWiring(addressed),
      '',
    )
    const { storage } = spec.target
    expect(config).toMatchObject({
      ipconfig0: 'ip=198.51.100.30/24,gw=198.51.100.1',
      ide2: 'none,media=cdrom',
      ide0: `${storage}:cloudinit,media=cdrom`,
    })
    const cloud = { ...source, ide2: 'local:101/vm-101-cloudinit.qcow2,media=cdrom' }
    expect(targetConfig(cloud, volumes, realWiring(addressed), '')).toMatchObject({
      ide2: `${storage}:cloudinit,media=cdrom`,
    })
    expect(targetConfig(cloud, volumes, realWiring(addressed), '')).not.toHaveProperty('ide0')
  })

  it('leave the MAC address to PVE where the plan says so', () => {
    const config = targetConfig(source, volumes, { storage: 'local', bridge: 'vmbr0', keepMac: false }, '')
    expect(config.net0).toBe('virtio,bridge=vmbr0,firewall=1')
  })
})
