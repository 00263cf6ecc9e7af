import { beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/dns/index.ts'
import { dnsSpec } from '../../src/kinds/dns/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { LeftOut } from '../../src/model/run.ts'
import { DnsPrimary } from '../doubles/dns-primary.ts'
import { component, contextOf, plan, server, specWith } from '../helpers/dns-world.ts'

const dead = { address: '10.80.4.55', port: 53 }
const part = '10.80.4.55:53'
const reason = 'not ours'
let world: DnsPrimary
/** What the second server does: no answer, or what it held before. */
let isSilent: boolean
beforeEach(() => {
  world = new DnsPrimary()
  isSilent = true
  const { dns } = world.io
  const before = structuredClone(world.records)
  world.io.dns = async (asked, name, type) => {
    if (asked.address !== dead.address) return dns(asked, name, type)
    if (isSilent) throw new Error('timed out')
    const records = before.filter(record => record.name === name && record.type === type)
    return { code: 'NOERROR', authoritative: true, records }
  }
})

const left: LeftOut = { component: 'names', part, at: '', reason, by: 'marc' }
const two = (more: JsonObject = {}) => ({ servers: [server, { ...dead, ...more }], propagationSeconds: 5 })
const switched = (leftOut: LeftOut[], changes = two()) => {
  const context = { ...contextOf('live', 'switch', { changes }), leftOut }
  const action = kind.actions[context.step.action]
  return {
    step: context.step,
    apply: () => action?.apply(context, world.io),
    isDone: () => action?.isDone(context, world.io),
    undo: () => action?.undo?.(context, world.io),
  }
}
const datas = () => world.records.map(({ data }) => data)

describe('a secondary that is down for ever', () => {
  it('fails the switch, which names it as what can be left out, with what that means', async () => {
    const { step, apply } = switched([])
    await expect(apply()).rejects.toMatchObject({ text: { key: 'dns.servers.outOfStep' }, leaveOut: [part] })
    expect(datas()).toEqual(['10.80.4.11', 'auth.techcorp.test'])
    expect(step.mayLeaveOut).toMatchObject([{ part, means: { key: 'dns.leftOut.means' } }])
    expect(step.mayLeaveOut?.[0]).not.toHaveProperty('reason')
    expect(switched([], two({ mayBeLeftOut: reason })).step.mayLeaveOut).toMatchObject([{ part, reason }])
  })

  it('left out, is not waited for, on the way there and back, and is named again on the way back', async () => {
    const { apply, isDone, undo } = switched([left])
    await apply()
    expect(world.seconds).toBe(0)
    expect(datas()).toEqual(['10.80.4.12', 'other.example'])
    expect(await isDone()).toBe(true)
    expect(await undo()).toMatchObject([
      { key: 'dns.servers.notWaitedFor', values: { servers: expect.stringContaining(part) } },
    ])
    expect(datas()).toEqual(['10.80.4.11', 'auth.techcorp.test'])
  })

  it('is not offered while it answers with an old zone: its users are led by it', async () => {
    const { apply } = switched([])
    isSilent = false
    const failure = await apply()?.catch((error: unknown) => error)
    expect(failure).toMatchObject({ text: { key: 'dns.servers.late' } })
    expect(failure).toHaveProperty('leaveOut', undefined)
  })

  it('never leaves a zone without a server that users can ask', async () => {
    const hidden = { servers: [dead], propagationSeconds: 5 }
    await expect(switched([left], hidden).apply()).rejects.toMatchObject({
      text: { key: 'dns.servers.noneLeft' },
    })
  })

  it.each(['serversDisagreeing', 'secondariesBehind', 'ttlSeconds', 'recordsChanged'])(
    '%s counts the others alone, and names it',
    async measure => {
      const context = { plan, facts: {}, mode: 'live' as const, results: {} }
      const measured = (changes: JsonObject, leftOut: LeftOut[] = []) =>
        kind.measures[measure]?.measure(component(changes), { ...context, leftOut }, world.io)
      const with2 = await measured(two())
      expect(with2?.unverified === true || (with2?.value ?? 0) > 0).toBe(true)
      for (const one of [await measured(two(), [left]), await measured(two({ mayBeLeftOut: reason }))]) {
        expect(one).toMatchObject({ figures: { leftOut: part } })
        expect(one?.unverified).toBeUndefined()
        expect(one?.value).toBe(measure === 'ttlSeconds' ? 3600 : 0)
      }
    },
  )

  it('is a warning of the audit where the plan lets it be left out, and blocks where it does not', async () => {
    const silent = { server: part, serial: null, silence: 'timed out', code: '' }
    const facts = { servers: { value: [silent], unit: '', at: '' } }
    const found = (changes: JsonObject) =>
      kind.findings(component(changes), facts, { plan, mode: 'live', facts: {} })
    expect(found(two())).toContainEqual(
      expect.objectContaining({ id: 'names.server-silent', level: 'block' }),
    )
    expect(found(two({ mayBeLeftOut: reason }))).toContainEqual(
      expect.objectContaining({ id: 'names.server-left-out', level: 'warn' }),
    )
  })

  it('cannot be the primary, which takes the changes', () => {
    const servers = [{ ...server, mayBeLeftOut: reason }]
    expect(dnsSpec.safeParse(specWith({ servers })).error?.issues).toMatchObject([
      { path: ['servers', 0, 'mayBeLeftOut'], message: 'dns.spec.primaryNeeded' },
    ])
  })
})
