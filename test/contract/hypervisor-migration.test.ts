import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MigrateRequest } from '../../lab/hypervisor/machines/index.ts'
import { type Gate, openGate } from '../helpers/hypervisor-tunnel.ts'
import {
  bareMachine,
  imagePath,
  newLog,
  raiseHypervisor,
  scribble,
  type TestHypervisor,
  tool,
} from '../helpers/hypervisor-world.ts'

let west: TestHypervisor
let east: TestHypervisor
let gate: Gate
const image = (hypervisor: TestHypervisor, vmid: number) =>
  imagePath(hypervisor, `${vmid}/vm-${vmid}-disk-0.qcow2`)
const request = (change: Partial<MigrateRequest> = {}): MigrateRequest => ({
  ...{ targetVmid: 101, online: false, delete: false, storageMap: {}, bridgeMap: {} },
  endpoint: gate.endpoint,
  ...change,
})

beforeAll(async () => {
  west = await raiseHypervisor('montpellier')
  east = await raiseHypervisor('toulouse')
  gate = await openGate(east.machines, east.root)
  await west.machines.createMachine(101, bareMachine('local:0.125,format=qcow2'), newLog())
  scribble(
    image(west, 101),
    'qcow2',
    'write -P 0x11 0 1M',
    'write -P 0x22 40M 300k',
    'write -P 0x33 134213632 4096',
  )
})
afterAll(async () => {
  await west?.end()
  await east?.end()
  await gate?.close()
})

describe('a migration to another cluster', () => {
  it('of a running machine moves disks and memory; the source stays, stopped and locked', async () => {
    await west.machines.startMachine(101, {}, newLog())
    await expect(west.machines.migrateOut(101, request(), newLog())).rejects.toThrow(
      "can't migrate running VM without --online",
    )
    const log = newLog()
    await west.machines.migrateOut(101, request({ online: true }), log)
    await gate.ended
    expect(log.lines.some(line => /downtime \d+ ms$/.test(line))).toBe(true)
    expect(await east.machines.currentStatus(101)).toMatchObject({ status: 'running', qmpstatus: 'running' })
    expect((await east.machines.readConfig(101)).config.lock).toBeUndefined()
    expect(await west.machines.currentStatus(101)).toMatchObject({ status: 'stopped', lock: 'migrate' })
    await expect(west.machines.startMachine(101, {}, newLog())).rejects.toThrow('VM is locked (migrate)')
    await east.machines.stopMachine(101, {}, newLog())
    tool('qemu-img', 'compare', image(west, 101), image(east, 101))
    tool('qemu-img', 'check', '-q', image(east, 101))
  })

  it('of one that is off copies its disks, to another storage and number', async () => {
    await west.machines.changeConfig(101, { remove: ['lock'], skiplock: true })
    await west.machines.migrateOut(101, request({ targetVmid: 105, storageMap: { local: 'thin' } }), newLog())
    await gate.ended
    expect((await east.machines.readConfig(105)).config.scsi0).toBe('thin:vm-105-disk-0,size=128M')
    const thin = join(east.root, 'var/lib/pve-volumes/pve/vm-105-disk-0')
    tool('qemu-img', 'compare', '-f', 'qcow2', '-F', 'raw', image(west, 101), thin)
    expect(Number(tool('stat', '-c', '%b', thin)) * 512).toBeLessThan(4 * 2 ** 20)
    await west.machines.changeConfig(101, { remove: ['lock'], skiplock: true })
    await west.machines.migrateOut(101, request({ targetVmid: 106, delete: true }), newLog())
    expect(await west.machines.listMachines()).toEqual([])
    expect(existsSync(image(west, 101))).toBe(false)
    await gate.ended
  })

  it('that is refused or breaks leaves the source as it was, and nothing at the target', async () => {
    await west.machines.createMachine(107, bareMachine('local:0.125,format=qcow2'), newLog())
    scribble(image(west, 107), 'qcow2', 'write -P 0x44 0 20M')
    const untouched = async () => {
      expect((await west.machines.readConfig(107)).config.lock).toBeUndefined()
      expect((await east.machines.listMachines()).map(({ vmid }) => vmid)).toEqual([101, 105, 106])
    }
    const wrong = { ...gate.endpoint, fingerprint: gate.endpoint.fingerprint.replace(/^../, '00') }
    const before = gate.asked.length
    const log = newLog()
    await expect(
      west.machines.migrateOut(107, request({ targetVmid: 107, endpoint: wrong }), log),
    ).rejects.toThrow('migration aborted')
    expect(log.lines.at(-1)).toContain('not verified, abort!')
    expect(gate.asked.length).toBe(before) // no header left this machine
    await expect(west.machines.migrateOut(107, request({ targetVmid: 101 }), newLog())).rejects.toThrow(
      'migration aborted',
    )
    await untouched()

    await west.machines.startMachine(107, {}, newLog())
    const stopping = new AbortController()
    const slow = { ...newLog(), signal: stopping.signal }
    const line = slow.line
    slow.line = text => {
      if (text.includes('starting storage migration')) setTimeout(() => stopping.abort(), 300)
      line(text)
    }
    await expect(
      west.machines.migrateOut(107, request({ targetVmid: 107, online: true, bwlimitKBps: 2048 }), slow),
    ).rejects.toThrow('migration aborted')
    await expect(gate.ended).rejects.toThrow()
    await untouched()
    expect((await west.machines.currentStatus(107)).qmpstatus).toBe('running')

    await west.machines.stopMachine(107, {}, newLog())
    await west.machines.snapshot(107, { name: 'before' }, newLog())
    const refused = newLog()
    await expect(west.machines.migrateOut(107, request({ targetVmid: 107 }), refused)).rejects.toThrow(
      'migration aborted',
    )
    expect(refused.lines.join('\n')).toContain('remote migration with snapshots not supported yet')
    await untouched()
  })
})
