import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentsEqual, type MachineSites, raiseMachineSites, runsAt } from '../helpers/machine-sites.ts'

const name = 'c-backup'
const file = '/var/lib/contract'
let sites: MachineSites

beforeAll(async () => {
  sites = await raiseMachineSites(name)
  sites.takeWay('backup-restore')
  await sites.audit()
})
afterAll(async () => sites?.close())

describe('a machine moved by an archive', () => {
  it('has one at the target while it serves, for root alone, and none at the source', async () => {
    await sites.inGuest('source', `echo before-the-seed > ${file}; sync`)
    const seeded = await sites.apply('preparation', 'seed')
    const { imageBytes, sentBytes } = seeded.transfer as { imageBytes: number; sentBytes: number }
    expect(imageBytes).toBeGreaterThan(100e6)
    expect(sentBytes).toBeGreaterThan(10e6)
    expect(sentBytes).toBeLessThan(imageBytes)
    const list = "find /var/lib/vz/dump -name '*.vma.zst' -printf '%m %s\\n'"
    expect(await sites.at('toulouse-hypervisor', list)).toBe(`600 ${seeded.sizeBytes}\n`)
    expect(await sites.at('montpellier-hypervisor', list)).toBe('')
    expect(await runsAt(sites)).toEqual({ source: true, target: false })
  })

  it('goes on with what has arrived when the link or the program is lost', async () => {
    const stop = new AbortController()
    ;(sites.component.spec as { bandwidthLimitMbps?: number }).bandwidthLimitMbps = 40
    const cut = sites.apply(
      'preparation',
      'seed',
      sites.io(stop.signal, ({ bytesDone = 0, note }) => {
        if (note === undefined && bytesDone > 8e6) stop.abort(new Error('cut'))
      }),
    )
    await expect(cut).rejects.toThrow()
    delete (sites.component.spec as { bandwidthLimitMbps?: number }).bandwidthLimitMbps
    const { sizeBytes, transfer } = await sites.apply('preparation', 'seed')
    expect((transfer as { sentBytes: number }).sentBytes).toBeLessThan(Number(sizeBytes) - 7e6)
  })

  it('goes there with all that it wrote, and serves', async () => {
    await sites.inGuest('source', `echo before-the-move >> ${file}; sync`)
    await sites.applyAll('live')
    expect(await runsAt(sites)).toEqual({ source: false, target: true })
    expect(await sites.inGuest('target', `cat ${file}`)).toBe('before-the-seed\nbefore-the-move\n')
    const { transfer } = sites.results[`${sites.component.id}.final-delta`] as { transfer: object }
    expect(transfer).toMatchObject({ imageBytes: expect.any(Number), seconds: expect.any(Number) })
  })

  it('comes back with what it wrote there, by what differs', async () => {
    await sites.inGuest('target', `echo at-the-target >> ${file}; sync`)
    sites.told.length = 0
    await sites.undo('live', 'start')
    await sites.undo('live', 'way-back')
    expect(await contentsEqual(sites)).toBe(true)
    const home = sites.told.filter(({ note }) => note === 'scsi0')
    expect(home).toHaveLength(1)
    // an image of more than 100 MB, of which the guest has touched little
    expect(home[0]?.bytesDone).toBeLessThan(16e6)
    await sites.undo('live', 'way-back')
    await sites.undo('live', 'shutdown')
    expect(await runsAt(sites)).toEqual({ source: true, target: false })
    expect(await sites.inGuest('source', `cat ${file}`)).toBe(
      'before-the-seed\nbefore-the-move\nat-the-target\n',
    )
  })
})
