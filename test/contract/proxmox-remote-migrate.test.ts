import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { machineSpec } from '../../src/kinds/proxmox-vm/spec.ts'
import { contentsEqual, type MachineSites, raiseMachineSites, runsAt } from '../helpers/machine-sites.ts'

const name = 'c-migrate'
const file = '/var/lib/contract'
let sites: MachineSites

beforeAll(async () => {
  sites = await raiseMachineSites(name)
  sites.takeWay('remote-migrate')
  await sites.audit()
})
afterAll(async () => sites?.close())

const lockAt = async (site: string): Promise<string> =>
  (await sites.at(`${site}-hypervisor`, 'sed -n "s/^lock: //p" /etc/pve/qemu-server/101.conf')).trim()

describe('a machine moved by PVE, off', () => {
  it('is at the target, and locked at the source', async () => {
    await sites.inGuest('source', `echo before > ${file}; sync`)
    await sites.applyAll('live')
    expect(await runsAt(sites)).toEqual({ source: false, target: true })
    expect(await lockAt('montpellier')).toBe('migrate')
    expect(await sites.inGuest('target', `cat ${file}`)).toBe('before\n')
  })

  it('comes back with what it wrote there, and the lock is gone', async () => {
    await sites.inGuest('target', `echo at-the-target >> ${file}; sync`)
    await sites.undo('live', 'start')
    await sites.undo('live', 'way-back')
    expect(await contentsEqual(sites)).toBe(true)
    await sites.undo('live', 'final-delta')
    expect(await lockAt('montpellier')).toBe('')
    await sites.undo('live', 'shutdown')
    expect(await runsAt(sites)).toEqual({ source: true, target: false })
    expect(await sites.inGuest('source', `cat ${file}`)).toBe('before\nat-the-target\n')
  })
})

describe('a machine moved by PVE while it runs', () => {
  it('goes on at the target, with the target’s address', async () => {
    sites.takeWay('remote-migrate-online')
    const started = await sites.inGuest('source', `cat /proc/sys/kernel/random/boot_id`)
    await sites.inGuest('source', `echo second-night >> ${file}; sync`)
    await sites.applyAll('live')
    expect(await runsAt(sites)).toEqual({ source: false, target: true })
    expect(await sites.inGuest('target', 'cat /proc/sys/kernel/random/boot_id')).toBe(started)
    const { network } = machineSpec.parse(sites.component.spec)
    const address = network && 'target' in network ? network.target.address : ''
    expect(await sites.inGuest('target', 'ip -4 addr')).toContain(address)
  })

  it('comes back with what it wrote there', async () => {
    await sites.inGuest('target', `echo running >> ${file}; sync`)
    await sites.undo('live', 'start')
    await sites.undo('live', 'way-back')
    expect(await contentsEqual(sites)).toBe(true)
    await sites.undo('live', 'final-delta')
    expect(await runsAt(sites)).toEqual({ source: true, target: false })
    expect(await sites.inGuest('source', `cat ${file}`)).toBe(
      'before\nat-the-target\nsecond-night\nrunning\n',
    )
  })
})

describe('the target’s token', () => {
  it('is in no result, no progress, no call log, and in no file of either hypervisor but its own', async () => {
    const { source, target } = machineSpec.parse(sites.component.spec)
    for (const { api } of [source, target]) {
      const secret = (await readFile(api.secret.replace(/^file:/, ''), 'utf8')).trim()
      expect(JSON.stringify([sites.results, sites.told, sites.transport.calls()])).not.toContain(secret)
      for (const host of ['montpellier-hypervisor', 'toulouse-hypervisor']) {
        const found = await sites.at(
          host,
          `cat > /tmp/secret; grep -rlsFf /tmp/secret /var/log /var/lib /run /etc/pve /tmp --exclude=secret || true; rm /tmp/secret`,
          `${secret}\n`,
        )
        const elsewhere = found
          .split('\n')
          .filter(path => path !== '' && !/\/etc\/pve\/(priv\/|user|token)/.test(path))
        expect(elsewhere).toEqual([])
      }
    }
  })
})
