import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../lab/hypervisor/faults/faults.ts'
import { type DeltaSites, raiseDeltaSites, source } from '../helpers/delta-sites.ts'
import { goesWrong, machineNight } from '../helpers/machine-night.ts'
import { type MachineSites, runsAt } from '../helpers/machine-sites.ts'

let sites: DeltaSites
let two: MachineSites
beforeAll(async () => {
  sites = await raiseDeltaSites('vm-bad-night')
  two = sites.two
  await two.apply('preparation', 'seed')
})
afterAll(async () => {
  await two?.close()
})
afterEach(() => {
  goesWrong(two, 'montpellier')
  goesWrong(two, 'toulouse')
})

const pid = () => two.at(source, `cat /var/run/qemu-server/${sites.spec.vmid}.pid`)

describe('a machine, on a night when something goes wrong', () => {
  it('is left alone when it will not shut down: a person is told what to do, nothing is switched off', async () => {
    const [asking, before] = [sites.users(), await pid()]
    const { spec } = two.component
    goesWrong(two, 'montpellier', { name: 'shutdown-hangs' })
    // Another plan: what a kind reads of one, it reads once.
    two.component.spec = { ...spec, shutdown: { ...sites.spec.shutdown, timeoutSeconds: 1 } }
    const { ended, failures } = await machineNight(two)
    two.component.spec = spec
    expect(ended).toBe('rolled-back')
    const told = {
      text: { key: 'proxmox-vm.shutdown.failed', values: { vmid: 101, seconds: 1 } },
      remedy: { key: 'proxmox-vm.shutdown.failed.remedy', values: { host: source } },
      detail: expect.stringContaining('got timeout'),
    }
    expect(failures).toMatchObject([{ failure: told }, { failure: told }])
    expect(await pid()).toBe(before)
    expect((await asking.stop()).failed).toEqual([])
    expect(await two.at(source, `qm config ${sites.spec.vmid}`)).toContain('onboot: 1')
  })

  it('is left alone when somebody else has it locked, and so is the lock', async () => {
    const [asking, before] = [sites.users(), await pid()]
    goesWrong(two, 'montpellier', { name: 'stale-lock', vmid: 101, lock: 'backup' })
    const { ended, failures } = await machineNight(two)
    expect(ended).toBe('rolled-back')
    expect(failures[0]?.failure).toMatchObject({
      text: { key: 'proxmox-vm.shutdown.locked', values: { vmid: 101, lock: 'backup' } },
      remedy: { key: 'proxmox-vm.shutdown.locked.remedy', values: { host: source } },
    })
    expect(new Set(failures.map(({ what }) => what))).toEqual(new Set(['step auth-machine.shutdown']))
    expect(await pid()).toBe(before)
    expect((await asking.stop()).failed).toEqual([])
    const config = (await two.at(source, `qm config ${sites.spec.vmid}`)).split('\n')
    expect(config).toEqual(expect.arrayContaining(['lock: backup', 'onboot: 1']))
  })

  it('serves at the source again when it cannot be started at the target, with what it wrote there (R2)', async () => {
    await two.inGuest('source', 'echo "echo booted >>/root/boots" >>/sbin/start-system; sync')
    // From here on its agent is silent: only its power button is left.
    await two.inGuest('source', '(sleep 1; kill -STOP "$(pidof qemu-ga)") >/dev/null 2>&1 &')
    const speaks = () =>
      two.inGuest('source', 'true').then(
        () => true,
        () => false,
      )
    await expect.poll(speaks).toBe(false)
    goesWrong(two, 'montpellier', { name: 'task-warnings', type: 'qmshutdown', text: 'the clock is odd' })
    const next: Fault[] = [
      { name: 'token-without-rights' },
      // It runs, and its task says that it does not.
      { name: 'task-error', type: 'qmstart', text: 'odd', afterwards: true },
      // And so it stays: the way back has to do without this API.
      { name: 'node-unreachable' },
    ]
    const { ended, run, failures } = await machineNight(two, event => {
      const attempted = event.type === 'step.started' && event.step === 'auth-machine.start'
      const fault = attempted ? next.shift() : undefined
      if (fault) goesWrong(two, 'toulouse', fault)
      if (event.type === 'rollback.started')
        goesWrong(two, 'montpellier', { name: 'stale-lock', vmid: 101, lock: 'migrate' })
    })
    goesWrong(two, 'toulouse')
    expect(failures.map(({ what, failure }) => [what, failure.text.key])).toEqual([
      ['step auth-machine.start', 'proxmox-vm.api.forbidden'],
      ['step auth-machine.start', 'proxmox-vm.task.failed'],
      ['step auth-machine.start', 'transport.http.failed'],
    ])
    expect(failures[0]?.failure.text.values?.message).toMatch(/\/vms\/101, VM\.\w+/)
    expect(failures[1]?.failure.text.values).toMatchObject({ type: 'qmstart', exitStatus: 'odd' })
    expect(ended).toBe('rolled-back')
    expect(run.rollback?.trigger).toBe('R2')
    expect(run.steps['auth-machine.shutdown']?.result?.tasks).toMatchObject([
      { exitStatus: 'WARNINGS: 1', warnings: ['WARN: the clock is odd'] },
    ])
    expect(await runsAt(two)).toEqual({ source: true, target: false })
    expect(await sites.serves('source')).toBe(true)
    expect(await two.inGuest('source', 'cat /root/boots')).toBe('booted\nbooted\n')
    const config = await two.at(source, `qm config ${sites.spec.vmid}`)
    expect(config).toContain('onboot: 1')
    expect(config).not.toContain('lock:')
  })

  it('moves on the next one', async () => {
    await two.inGuest('source', 'echo before the cut >/root/kept; sync')
    for (const step of ['shutdown', 'final-delta', 'compare', 'way-back', 'start'])
      await two.apply('live', step)
    expect(await two.inGuest('target', 'cat /root/kept')).toBe('before the cut\n')
  })
})
