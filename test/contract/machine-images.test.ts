import { execFileSync } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { seedAndDelta } from '../../src/kinds/proxmox-vm/methods/seed-and-delta/index.ts'
import { machineSpec } from '../../src/kinds/proxmox-vm/spec.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { imagePath, raiseTwoHypervisors, readText, type TwoHypervisors } from '../doubles/two-hypervisors.ts'
import { isKilled } from '../helpers/judged-io.ts'
import { actionsOf, machineOf } from '../helpers/proxmox-plan.ts'

const api = (side: string) => ({
  url: `https://${side}:8006`,
  token: 'bascule@pve!move',
  secret: 'env:NONE',
  fingerprint: Array(32).fill('AA').join(':'),
})
const component: Component = {
  id: 'auth-machine',
  kind: 'proxmox-vm',
  title: 'Auth',
  criticality: 'critical',
  owner: 'sysadmin',
  needs: [],
  spec: machineSpec.parse({
    vmid: 101,
    source: { host: 'hypervisor', node: 'montpellier', api: api('source') },
    target: {
      ...{ host: 'hypervisor', node: 'toulouse', api: api('target') },
      ...{ storage: 'local', bridge: 'vmbr0', testBridge: 'vmbr9' },
    },
    staging: '/srv/bascule',
  }) as unknown as JsonObject,
}
const host = (name: string) => ({
  hypervisor: { ssh: name, address: name, become: 'runuser' as const },
})
const plan = {
  sites: {
    source: { id: 'montpellier', title: 'Montpellier', hosts: host('source') },
    target: { id: 'toulouse', title: 'Toulouse', hosts: host('target') },
  },
  components: { [component.id]: component },
} as unknown as Plan

type Transfer = { imageBytes: number; sentBytes: number }
const sentBytesOf = (result: unknown) => (result as { transfer: Transfer }).transfer.sentBytes

const diskBytes = 64 * 1024 * 1024
let two: TwoHypervisors

beforeAll(async () => {
  two = await raiseTwoHypervisors(diskBytes)
  const config = {
    name: 'auth',
    memory: '512',
    onboot: '1',
    scsi0: 'local:101/vm-101-disk-0.qcow2,size=64M',
    net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr1,tag=7,firewall=1',
  }
  two.source.machines.set(101, { config, running: true })
  await two.startQemu('source')
  two.write('source', 1, '0', '20M')
})
afterAll(async () => {
  await two?.close()
})

const context = (): StepContext =>
  ({ component, plan, facts: {}, mode: 'live', fencingNumber: 1, results: {} }) as unknown as StepContext
const action = (name: string) => {
  const found = actionsOf(seedAndDelta)[name]
  if (found === undefined) throw new Error(`no action ${name}`)
  return found
}
const apply = (name: string, io: ChangeIo = two.io()) => action(name).apply(context(), io)
const undo = (name: string, io: ChangeIo = two.io()) => action(name).undo?.(context(), io)
const outside = (side: string, path: string) => join(two.directory, side, path)

/** Dies once at each change of the world that a step makes, before it and after it in turns, until it comes through. */
async function killedEverywhere(
  name: string,
  before: (at: number) => void = () => {},
  act: (name: string, io: ChangeIo) => Promise<unknown> | undefined = apply,
) {
  for (let at = 1; at < 60; at += 1) {
    before(at)
    const died = await Promise.resolve(
      act(name, two.io({ change: at, when: at % 2 ? 'before' : 'after' })),
    ).then(
      () => false,
      error => {
        if (isKilled(error)) return true
        throw error
      },
    )
    if (!died) return
  }
  throw new Error(`${name} never came through`)
}

/** By QEMU's own tool, over both images at rest: nothing of ours judges it. */
function identical(): boolean {
  try {
    const images = ['source', 'target'].map(side => outside(side, imagePath))
    execFileSync('qemu-img', ['compare', '-q', '-f', 'qcow2', '-F', 'qcow2', ...images])
    return true
  } catch {
    return false
  }
}

describe('seed and delta between two hypervisors', () => {
  it('sends the whole once, with the guest frozen for the instant and thawed after it', async () => {
    const result = await apply('seed')
    expect(result).toMatchObject({ disks: ['scsi0'] })
    const { imageBytes, sentBytes } = (result as { transfer: Transfer }).transfer
    expect(imageBytes).toBeGreaterThan(20e6)
    expect(sentBytes).toBeGreaterThan(20e6)
    const log = two.at('source', ['cat', '/run/qm.log']).trim().split('\n')
    expect(log).toEqual(['guest cmd 101 fsfreeze-freeze', 'guest cmd 101 fsfreeze-thaw'])
  })

  it('leaves the copy where the machine will start, for its owner alone, and the machine off around it', () => {
    expect(statSync(outside('target', imagePath)).mode & 0o777).toBe(0o600)
    expect(statSync(outside('target', '/srv/bascule/auth-machine')).mode & 0o777).toBe(0o700)
    expect(existsSync(outside('source', '/srv/bascule/auth-machine/seed-scsi0.qcow2'))).toBe(false)
    expect(two.target.machines.get(101)?.config).toMatchObject({
      onboot: '0',
      scsi0: 'local:101/vm-101-disk-0.qcow2',
      net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1',
    })
  })

  it('is not sent again while a delta can follow on it', async () => {
    const calls = two.calls.length
    const again = await apply('seed')
    expect(again).toEqual(await action('seed').isDone(context(), two.io()))
    expect(two.calls.slice(calls).filter(call => !call.includes(' GET '))).toEqual([])
  })

  it('sends what was written since, zeros too, and no more', async () => {
    two.write('source', 2, '30M', '1M')
    two.zero('source', '4M', '1M')
    const result = await apply('delta')
    expect(result).toMatchObject({ from: 0, to: 1, dirtyBytes: 2 * 1024 * 1024, frozen: true })
    expect(sentBytesOf(result)).toBeLessThan(2e6)
    expect(await seedAndDelta.unsentBytes?.(machineOf({ component, plan }), two.io())).toBe(0)
  })

  it('tells what is not sent yet', async () => {
    two.write('source', 3, '40M', '128k')
    expect(await seedAndDelta.unsentBytes?.(machineOf({ component, plan }), two.io())).toBe(128 * 1024)
  })

  it('never forgets a write, wherever it is killed', async () => {
    await killedEverywhere('delta', at => two.write('source', at % 250, `${at}M`, '64k'))
    await apply('delta')
    await two.quitQemu('source')
    expect(identical()).toBe(true)
  })

  it('nor with the machine off, where a daemon may be left behind', async () => {
    await two.startQemu('source')
    two.write('source', 8, '51M', '256k')
    await two.quitQemu('source')
    await killedEverywhere('final-delta')
    await apply('final-delta')
    expect(identical()).toBe(true)
  })

  it('with the machine off sends the last of it, by the images’ own records', async () => {
    await two.startQemu('source')
    two.write('source', 9, '50M', '256k')
    await two.quitQemu('source')
    await expect(apply('compare')).rejects.toMatchObject({ text: { key: 'proxmox-vm.delta.unsent' } })
    expect(await apply('final-delta')).toMatchObject({ dirtyBytes: 256 * 1024 })
    expect(await apply('compare')).toMatchObject({ disks: 1, different: 0 })
    expect(identical()).toBe(true)
  })

  it('leaves no daemon behind that would keep the machine from starting', () => {
    expect(() =>
      two.at('source', ['socat', '-', 'UNIX-CONNECT:/srv/bascule/auth-machine/storage.qmp']),
    ).toThrow()
  })

  it('brings home what was written at the target, and can go there again', async () => {
    await apply('way-back')
    expect(await action('way-back').isDone(context(), two.io())).toMatchObject({ bitmap: expect.any(String) })
    await expect(apply('delta')).rejects.toMatchObject({ text: { key: 'proxmox-vm.delta.broken.started' } })
    for (const act of [apply, undo])
      await expect(act('seed')).rejects.toMatchObject({ text: { key: 'proxmox-vm.delta.broken.started' } })
    await two.startQemu('target')
    two.write('target', 77, '33M', '512k')
    two.zero('target', '1M', '64k')
    await two.quitQemu('target')
    expect(identical()).toBe(false)
    await killedEverywhere('way-back', undefined, undo)
    expect(identical()).toBe(true)
    await undo('way-back')
    await two.startQemu('source')
    two.write('source', 5, '60M', '64k')
    await two.quitQemu('source')
    await apply('final-delta')
    expect(identical()).toBe(true)
  })

  it('brings everything home when the target’s QEMU was killed, and then begins with a full copy', async () => {
    await apply('way-back')
    await two.startQemu('target')
    two.write('target', 78, '10M', '1M')
    await two.killQemu('target')
    await undo('way-back')
    expect(identical()).toBe(true)
    await expect(apply('final-delta')).rejects.toMatchObject({
      text: { key: 'proxmox-vm.delta.broken.missing' },
    })
    await two.startQemu('source')
    await apply('seed')
    await two.quitQemu('source')
    expect(identical()).toBe(true)
  })

  it('finds that QEMU was killed at the source, and copies all of it again', async () => {
    await two.startQemu('source')
    two.write('source', 42, '44M', '1M')
    await two.killQemu('source')
    await expect(apply('delta')).rejects.toMatchObject({
      text: { key: 'proxmox-vm.delta.broken.inconsistent' },
    })
    await apply('seed')
    expect(identical()).toBe(true)
  })

  it('finds that the target’s image was written by something else', async () => {
    execFileSync('qemu-io', ['-c', 'write -P 99 12M 64k', outside('target', imagePath)])
    await expect(apply('final-delta')).rejects.toMatchObject({
      text: { key: 'proxmox-vm.delta.broken.touched' },
    })
  })

  it('finds a disk whose content is damaged at the target, though nothing says when', async () => {
    const note = outside('target', '/srv/bascule/auth-machine/seed-and-delta.json')
    const { stamp: _, ...held } = JSON.parse(readText(note))
    writeFileSync(note, JSON.stringify(held))
    await expect(apply('compare')).rejects.toMatchObject({
      text: { key: 'proxmox-vm.moved.different' },
    })
  })

  it('given up, leaves nothing at the target and no record at the source', async () => {
    await undo('seed')
    await undo('seed')
    expect(two.target.machines.size).toBe(0)
    expect(existsSync(outside('target', imagePath))).toBe(false)
    for (const side of ['source', 'target'])
      expect(existsSync(outside(side, '/srv/bascule/auth-machine'))).toBe(false)
    const info = execFileSync('qemu-img', ['info', outside('source', imagePath)], { encoding: 'utf8' })
    expect(info).not.toContain('bitmaps')
  })
})

describe('the kind', () => {
  it('has an action for every step that it plans', () => {
    for (const mode of ['preparation', 'rehearsal', 'live'] as const) {
      const context = { plan: { ...plan, rollback: { serviceStartAttempts: 3 } } as Plan, mode, facts: {} }
      for (const step of kind.plan(component, {}, context)) expect(kind.actions).toHaveProperty([step.action])
    }
  })
})
