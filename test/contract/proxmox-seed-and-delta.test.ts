import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedAndDelta } from '../../src/adapters/proxmox-vm/ways/seed-and-delta/index.ts'
import type { Facts } from '../../src/model/fact.ts'
import { contentsEqual, type MachineSites, raiseMachineSites, runsAt } from './machine-sites.ts'

let two: MachineSites

beforeAll(async () => {
  two = await raiseMachineSites('vm-delta')
  await two.audit()
  two.takeWay('seed-and-delta')
}, 240_000)
afterAll(async () => {
  await two?.close()
}, 60_000)

const [source, target] = ['montpellier-hypervisor', 'toulouse-hypervisor']
const spec = () => two.component.spec as { vmid: number }
const transferOf = (result: unknown) => (result as { transfer: Record<string, number> }).transfer
/** Whether the guest answers where users of its site would ask it. */
const serves = async (site: 'source' | 'target') =>
  two
    .inGuest(site, 'wget -q -O - http://localhost:8080/alive')
    .then(() => true)
    .catch(() => false)

describe('a running guest moved by seed and delta', () => {
  it('may be moved so, says the audit', () => {
    const facts: Facts = two.facts[two.component.id] ?? {}
    expect(facts.qmp?.value).toBe(true)
    expect(facts.disks?.value).toMatchObject([{ slot: 'scsi0', format: 'qcow2' }])
  })

  it('is seeded, and tested in an isolated network, while it serves', async () => {
    const seeded = transferOf(await two.apply('prepare', 'seed'))
    expect(seeded.imageBytes).toBeGreaterThan(100e6)
    const delta = transferOf(await two.apply('prepare', 'delta'))
    expect(delta.sentBytes).toBeLessThan(5e6)
    expect(await two.apply('prepare', 'test-restore')).toMatchObject({ failed: 0 })
    expect(await two.measure('restoredProbesFailed', 'prepare')).toMatchObject({ value: 0 })
    expect((await two.at(target, 'qm list')).trim().split('\n')).toHaveLength(2)
    expect(await serves('source')).toBe(true)
  }, 180_000)

  it('is rehearsed with a copy, and neither the source nor the seed is touched', async () => {
    await two.apply('rehearsal', 'final-delta')
    const result = await two.apply('rehearsal', 'start')
    expect(await two.measure('machineUnhealthy', 'rehearsal')).toMatchObject({ value: 0 })
    expect(result.vmid).not.toBe(spec().vmid)
    expect(await runsAt(two)).toEqual({ source: true, target: false })
    await two.undo('rehearsal', 'start')
    expect((await two.at(target, 'qm list')).trim().split('\n')).toHaveLength(2)
  }, 120_000)

  it('is found out when its last delta is forgotten', async () => {
    await two.inGuest('source', 'echo before the cut >/root/kept; sync')
    expect((await two.measure('deltaBytes')).value).toBeGreaterThan(0)
    await two.apply('live', 'shutdown')
    expect(await runsAt(two)).toEqual({ source: false, target: false })
    await expect(two.apply('live', 'compare')).rejects.toMatchObject({
      text: { key: 'proxmox-vm.delta.unsent' },
    })
  }, 60_000)

  it('moves, sending only what changed', async () => {
    const sent = transferOf(await two.apply('live', 'final-delta'))
    expect(sent.sentBytes).toBeLessThan(5e6)
    expect(sent.imageBytes).toBeGreaterThan(100e6)
    await two.apply('live', 'compare')
    expect(await contentsEqual(two)).toBe(true)
    expect(await two.measure('disksDifferent')).toMatchObject({ value: 0 })
    await two.apply('live', 'way-back')
    await two.apply('live', 'start')
    expect(await two.measure('machineUnhealthy')).toMatchObject({ value: 0 })
    expect(await two.inGuest('target', 'cat /root/kept')).toBe('before the cut\n')
    expect(await two.at(source, `qm config ${spec().vmid}`)).toContain('onboot: 0')
  }, 120_000)

  it('comes back with what was written there, to its old address', async () => {
    await two.inGuest('target', 'echo after the cut >>/root/kept; sync')
    await two.undo('live', 'start')
    expect(await runsAt(two)).toEqual({ source: false, target: false })
    await two.undo('live', 'way-back')
    expect(await contentsEqual(two)).toBe(true)
    await two.undo('live', 'shutdown')
    expect(await two.inGuest('source', 'cat /root/kept')).toBe('before the cut\nafter the cut\n')
    expect(await serves('source')).toBe(true)
    expect(await two.at(source, `qm config ${spec().vmid}`)).toContain('onboot: 1')
    expect(await seedAndDelta.unsentBytes?.({ component: two.component, plan: two.plan }, two.io())).toEqual(
      expect.any(Number),
    )
  }, 120_000)

  it('and moves again', async () => {
    for (const step of ['shutdown', 'final-delta', 'compare', 'way-back', 'start'])
      await two.apply('live', step)
    expect(await two.inGuest('target', 'cat /root/kept')).toBe('before the cut\nafter the cut\n')
  }, 120_000)
})
