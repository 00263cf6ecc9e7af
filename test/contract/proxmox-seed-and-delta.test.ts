import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedAndDelta } from '../../src/kinds/proxmox-vm/methods/seed-and-delta/index.ts'
import type { Facts } from '../../src/model/fact.ts'
import { type DeltaSites, raiseDeltaSites, source, target } from '../helpers/delta-sites.ts'
import { hears, seenFromTheLan } from '../helpers/isolated-copy.ts'
import { contentsEqual, type MachineSites, runsAt } from '../helpers/machine-sites.ts'
import { machineOf } from '../helpers/proxmox-plan.ts'

let sites: DeltaSites
let two: MachineSites
beforeAll(async () => {
  sites = await raiseDeltaSites('vm-delta')
  two = sites.two
})
afterAll(async () => {
  await two?.close()
})

const transferOf = (result: unknown) => (result as { transfer: Record<string, number> }).transfer

describe('a running guest moved by seed and delta', () => {
  it('may be moved so, says the audit', () => {
    const facts: Facts = two.facts[two.component.id] ?? {}
    expect(facts.qmp?.value).toBe(true)
    expect(facts.disks?.value).toMatchObject([{ slot: 'scsi0', format: 'qcow2' }])
  })

  it('is seeded while it serves', async () => {
    const asking = sites.users()
    const seeded = transferOf(await two.apply('preparation', 'seed'))
    expect(seeded.imageBytes).toBeGreaterThan(100e6)
    const delta = transferOf(await two.apply('preparation', 'delta'))
    expect(delta.sentBytes).toBeLessThan(5e6)
    expect((await asking.stop()).failed).toEqual([])
  })

  it('is restored in an isolated network, tried and destroyed, and its users notice nothing (T5)', async () => {
    const asking = sites.users()
    const restoring = two.apply('preparation', 'test-restore')
    const [, lan] = await Promise.all([
      restoring,
      seenFromTheLan(two, { address: sites.address, bridge: 'vmbr9' }, restoring),
    ])
    const { asked, failed } = await asking.stop()
    expect(failed).toEqual([])
    expect(asked).toBeGreaterThan(20)
    const staging = '/var/lib/vz/bascule/auth-machine'
    const record = JSON.parse(await two.at(target, `cat ${staging}/restored.json`))
    expect(record.failed).toBe(0)
    expect(record.probes).toEqual([{ name: 'boot' }, { name: 'son programme répond' }])
    expect(record.imageBytes).toBeGreaterThan(100e6)
    // Nothing but the copy was on that bridge, and the LAN, which hears its other machines, never heard of it.
    expect(lan.ports).toEqual([expect.stringMatching(/^tap(?!101i)\d+i0$/)])
    expect(lan.asked).toBeGreaterThan(2)
    expect(lan.answered).toBe(0)
    expect(await hears(two, `${two.lab.prefix}.2.60`)).toBe(true)
    expect(await two.measure('restoredProbesFailed', 'preparation')).toMatchObject({ value: 0 })
    expect((await two.at(target, 'qm list')).trim().split('\n')).toHaveLength(2)
  })

  it('is rehearsed with a copy, and neither the source nor the seed is touched', async () => {
    await two.apply('rehearsal', 'final-delta')
    const result = await two.apply('rehearsal', 'start')
    expect(await two.measure('machineUnhealthy', 'rehearsal')).toMatchObject({ value: 0 })
    expect(result.vmid).not.toBe(sites.spec.vmid)
    expect(await runsAt(two)).toEqual({ source: true, target: false })
    await two.undo('rehearsal', 'start')
    expect((await two.at(target, 'qm list')).trim().split('\n')).toHaveLength(2)
  })

  it('is found out when its last delta is forgotten', async () => {
    await two.inGuest('source', 'echo before the cut >/root/kept; sync')
    expect((await two.measure('deltaBytes')).value).toBeGreaterThan(0)
    await two.apply('live', 'shutdown')
    expect(await runsAt(two)).toEqual({ source: false, target: false })
    await expect(two.apply('live', 'compare')).rejects.toMatchObject({
      text: { key: 'proxmox-vm.delta.unsent' },
    })
  })

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
    expect(await two.at(source, `qm config ${sites.spec.vmid}`)).toContain('onboot: 0')
  })

  it('comes back with what was written there, to its old address', async () => {
    await two.inGuest('target', 'echo after the cut >>/root/kept; sync')
    await two.undo('live', 'start')
    expect(await runsAt(two)).toEqual({ source: false, target: false })
    await two.undo('live', 'way-back')
    expect(await contentsEqual(two)).toBe(true)
    await two.undo('live', 'shutdown')
    expect(await two.inGuest('source', 'cat /root/kept')).toBe('before the cut\nafter the cut\n')
    expect(await sites.serves('source')).toBe(true)
    expect(await two.at(source, `qm config ${sites.spec.vmid}`)).toContain('onboot: 1')
    expect(await seedAndDelta.unsentBytes?.(machineOf(two), two.io())).toEqual(expect.any(Number))
  })
})
