import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  recordChangedByHand,
  recordPutBack,
  rightTsigKey,
  secondaryLostZone,
  secondaryRefusesZone,
  secondaryTakesZone,
  wrongTsigKey,
  zoneAsHeld,
} from '../../lab/faults/names.ts'
import { hostsAnswer, hostsSilent } from '../../lab/faults/silent.ts'
import { Failure } from '../../src/model/failure.ts'
import { initialTtlSeconds, type LabNames, raiseLabNames, zone } from '../helpers/dns-lab.ts'

let names: LabNames
const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Failure)
  return thrown as Failure
}
const serialAt = async (server: LabNames['servers']['primary']) =>
  Number((await names.dig(server, zone, 'SOA'))[0]?.split(' ')[2])
const blocking = async (id: string) => (await names.audit(id)).filter(({ level }) => level === 'block')

describe('what goes wrong with names', () => {
  beforeAll(async () => {
    names = await raiseLabNames('names-faults')
    for (const id of names.ids) await names.audit(id)
  })
  afterAll(() => names?.close())

  it('a secondary that stops following fails the switch by its name and serial; the way back does without it', async () => {
    const { servers, lab } = names
    const secondary = `${servers.secondary.address}:53`
    const move = names.step('outside', 'live', 'switch')
    const before = await serialAt(servers.primary)
    // In step at the start, so that only the change itself shows it.
    await secondaryRefusesZone(lab)
    expect((await failureOf(move.apply())).text).toMatchObject({
      key: 'dns.servers.late',
      values: { servers: expect.stringContaining(`${secondary}: SOA ${before} ≠ ${before + 1}`) },
    })
    expect(await serialAt(servers.primary)).toBe(before + 1)
    expect(await move.isDone()).toBe(false)
    await move.undo()
    expect(await names.dig(servers.primary, `vpn.${zone}`)).toEqual([names.source])

    const held = await serialAt(servers.secondary)
    expect(held).toBe(before)
    expect(await blocking('outside')).toMatchObject([
      {
        id: 'outside.secondary-behind',
        text: {
          values: {
            server: secondary,
            serial: held,
            primary: `${servers.primary.address}:53`,
            primarySerial: before + 2,
          },
        },
      },
    ])
    expect(await names.measure('outside', 'secondariesBehind')).toMatchObject({
      value: 1,
      detail: [{ values: { seen: expect.stringContaining(`${secondary}: SOA ${held} ≠ ${before + 2}`) } }],
    })
    expect(await names.measure('outside', 'serversDisagreeing')).toMatchObject({ value: 1 })

    await names.step('outside', 'preparation', 'lower-ttl').undo()
    const now = await serialAt(servers.primary)
    // Known beforehand, nothing is sent at all: neither the lowering, nor the switch, nor its rehearsal.
    for (const [mode, name] of [
      ['preparation', 'lower-ttl'],
      ['live', 'switch'],
      ['rehearsal', 'dry-run'],
    ] as const)
      expect((await failureOf(names.step('outside', mode, name).apply())).text).toMatchObject({
        key: 'dns.servers.outOfStep',
        values: { servers: expect.stringContaining(`${secondary}: SOA ${held}`) },
      })
    expect(await serialAt(servers.primary)).toBe(now)

    await secondaryTakesZone(lab)
    expect(await blocking('outside')).toEqual([])
    expect(await names.measure('outside', 'secondariesBehind')).toMatchObject({ value: 0 })
  })

  it('a secondary that is down for ever can be left out of the switch, and is named on the way back', async () => {
    const { servers, lab, leftOut } = names
    const part = `${servers.secondary.address}:53`
    const reason = 'its site has no power'
    await hostsSilent(lab, ['internet-secondary'])
    const night = names.step('outside', 'live', 'switch')
    const failure = await failureOf(night.apply())
    expect(failure).toMatchObject({ text: { key: 'dns.servers.outOfStep' }, leaveOut: [part] })
    expect(await names.dig(servers.primary, `vpn.${zone}`)).toEqual([names.source])
    expect(await names.measure('outside', 'secondariesBehind')).toMatchObject({ value: 1 })

    leftOut.push({ component: 'outside', part, reason, at: '', by: 'marc' })
    await night.apply()
    expect(await names.dig(servers.primary, `vpn.${zone}`)).toEqual([names.target])
    expect(await night.isDone()).toBe(true)
    expect(await names.measure('outside', 'secondariesBehind')).toMatchObject({
      value: 0,
      figures: { leftOut: part },
    })
    expect(await night.undo()).toMatchObject([
      { key: 'dns.servers.notWaitedFor', values: { servers: expect.stringContaining(part) } },
    ])
    expect(await names.dig(servers.primary, `vpn.${zone}`)).toEqual([names.source])

    // Back again, it holds the zone of before the change until it takes the present one; nothing waits for it.
    await night.apply()
    await hostsAnswer(lab, ['internet-secondary'])
    expect(await night.isDone()).toBe(true)
    await night.undo()
    leftOut.splice(0)
    await secondaryTakesZone(lab)
    expect(await blocking('outside')).toEqual([])
  })

  it('a secondary that has lost the zone is named', async () => {
    await secondaryLostZone(names.lab)
    const server = `${names.servers.secondary.address}:53`
    for (const id of ['outside', 'reverse'])
      expect(await blocking(id)).toMatchObject([
        { id: `${id}.zone-missing`, text: { values: { server, code: 'REFUSED' } } },
      ])
    expect(await names.measure('outside', 'secondariesBehind')).toMatchObject({ value: 1 })
    await secondaryTakesZone(names.lab)
    expect(await blocking('outside')).toEqual([])
  })

  it.each([
    ['outside', 'courses', 'external'],
    ['inside', 'dashboard', 'internal'],
  ] as const)('a record changed by hand %s is named, and stops everything', async (id, name, view) => {
    const stranger = `${names.lab.prefix}.4.66`
    await recordChangedByHand(names.lab, name, stranger, view)
    const before = await zoneAsHeld(names.lab, view)
    // At each server that serves it: once the secondary has followed.
    const [found] = await blocking(id)
    expect(found).toMatchObject({
      id: `${id}.record-differs`,
      text: { values: { record: `${name}.${zone} A`, said: stranger } },
    })
    expect(await names.measure(id, 'recordsChanged')).toMatchObject({ value: 1 })
    for (const [mode, step] of [
      ['preparation', 'lower-ttl'],
      ['live', 'switch'],
      ['rehearsal', 'dry-run'],
    ] as const)
      expect((await failureOf(names.step(id, mode, step).apply())).text).toMatchObject({
        key: 'dns.records.changed',
        values: { records: expect.stringContaining(`${name}.${zone} A: ${stranger}`) },
      })
    expect(await zoneAsHeld(names.lab, view)).toBe(before)
    await recordPutBack(names.lab, name, initialTtlSeconds, view)
    expect(await blocking(id)).toEqual([])
  })

  it('a record changed by hand after the switch is left and told, and all others come back', async () => {
    const stranger = `${names.lab.prefix}.4.66`
    const lowering = names.step('inside', 'preparation', 'lower-ttl')
    await lowering.apply()
    const before = (await zoneAsHeld(names.lab, 'internal')).split('\n')
    const night = names.step('inside', 'live', 'switch')
    await night.apply()
    await recordChangedByHand(names.lab, 'courses', stranger, 'internal')
    expect(await night.undo()).toMatchObject([
      { values: { records: expect.stringMatching(new RegExp(`^courses.${zone} A: ${stranger}[^;]*$`)) } },
    ])
    const after = (await zoneAsHeld(names.lab, 'internal')).split('\n')
    const isOther = (line: string) => !/\bSOA\b| courses\./.test(line)
    expect(after.filter(isOther)).toEqual(before.filter(isOther))
    await recordPutBack(names.lab, 'courses', initialTtlSeconds, 'internal')
    await lowering.undo()
  })

  it('a wrong TSIG key is named by the audit and the switch, and nothing is changed', async () => {
    const before = await serialAt(names.servers.primary)
    await wrongTsigKey(names.lab)
    for (const id of ['outside', 'reverse'])
      expect(await blocking(id)).toMatchObject([
        { id: `${id}.update-refused`, text: { key: 'dns.update.BADSIG', values: { key: 'bascule' } } },
      ])
    expect((await failureOf(names.step('outside', 'live', 'switch').apply())).text).toMatchObject({
      key: 'dns.update.BADSIG',
      values: { key: 'bascule' },
    })
    expect(await serialAt(names.servers.primary)).toBe(before)
    await rightTsigKey(names.lab)
    expect(await blocking('outside')).toEqual([])
  })
})
