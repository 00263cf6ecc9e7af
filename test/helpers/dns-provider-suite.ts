import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/dns/index.ts'
import { providerOf } from '../../src/kinds/dns/providers/index.ts'
import { dnsSpec } from '../../src/kinds/dns/spec.ts'
import type { Failure } from '../../src/model/failure.ts'
import {
  audited,
  type Bench,
  componentOf,
  lowTtlSeconds,
  stepOf,
  zoneAfter,
  zoneBefore,
  zoneLowered,
} from './dns-provider-bench.ts'
import { counting, dying } from './judged-io.ts'

/** What every provider must do, however it does it. The same for a real server and for a double. */
export function judgeProvider(title: string, open: () => Promise<Bench>): void {
  describe(title, () => {
    let bench: Bench
    beforeAll(async () => {
      bench = await open()
    })
    afterAll(() => bench?.close())
    beforeEach(async () => {
      const wanted = zoneBefore(bench.zone)
      const strangers = (await bench.served()).filter(
        ({ name, type }) => !wanted.some(one => one.name === name && one.type === type),
      )
      for (const stranger of strangers) await bench.put({ ...stranger, data: [] })
      for (const set of wanted) await bench.put(set)
      expect(await bench.served()).toEqual(wanted)
    })
    const factsOf = async () => (await audited(bench, componentOf(bench), 'preparation')).facts

    it('is audited by reading alone, and would let the change in', async () => {
      const seen = counting(bench.io)
      const { facts, findings } = await audited({ ...bench, io: seen.io }, componentOf(bench), 'live')
      expect(facts.update?.value).toEqual({ code: 'NOERROR', detail: expect.anything() })
      expect(findings.filter(({ level }) => level === 'block').map(({ id }) => id)).toEqual([
        'names.ttl-high',
      ])
      expect(seen.changes()).toBe(0)
      for (const { text, remedy } of findings)
        for (const { key } of [text, ...(remedy ? [remedy] : [])])
          for (const language of ['en', 'fr'] as const) expect(kind.messages[language]).toHaveProperty([key])
    })

    it('says of itself what it cannot', async () => {
      const { capabilities, unproven } = providerOf(dnsSpec.parse(componentOf(bench).spec))
      const { findings } = await audited(bench, componentOf(bench), 'preparation')
      const told = (rule: string) => findings.some(finding => finding.id === `names.${rule}`)
      expect(told('one-by-one')).toBe(capabilities.atomic === 'none')
      expect(told('staged')).toBe(capabilities.atomic === 'staged')
      expect(told('provider-unproven')).toBe(unproven !== undefined)
      expect(told('compared-before')).toBe(capabilities.prerequisites === 'compared-before')
      const lower = componentOf(bench, { lowTtlSeconds: Math.max(1, capabilities.minimumTtlSeconds - 1) })
      const refused = (await audited(bench, lower, 'preparation')).findings.find(
        ({ id }) => id === 'names.ttl-too-low',
      )
      expect(refused?.level).toBe(capabilities.minimumTtlSeconds > 1 ? 'block' : undefined)
    })

    it('rehearses without a change that anybody could see', async () => {
      const rehearsal = stepOf(componentOf(bench), await factsOf(), 'rehearsal', 'dry-run')
      await rehearsal.apply(bench.io)
      expect(await bench.served()).toEqual(zoneBefore(bench.zone))
    })

    it('lowers the TTL, switches, goes back to the byte, and switches again', async () => {
      const component = componentOf(bench)
      const first = await factsOf()
      const lower = stepOf(component, first, 'preparation', 'lower-ttl')
      await lower.apply(bench.io)
      expect(await bench.served()).toEqual(zoneLowered(bench.zone))
      const facts = await factsOf()
      const move = stepOf(component, facts, 'live', 'switch')
      expect(await move.isDone(bench.io)).toBe(false)
      await move.apply(bench.io)
      expect(await bench.served()).toEqual(zoneAfter(bench.zone))
      expect(await move.isDone(bench.io)).toBe(true)
      await move.undo(bench.io)
      expect(await bench.served()).toEqual(zoneLowered(bench.zone))
      expect(await move.isDone(bench.io)).toBe(false)
      await move.undo(bench.io)
      await lower.undo(bench.io)
      expect(await bench.served()).toEqual(zoneBefore(bench.zone))
      await move.apply(bench.io)
      expect(await bench.served()).toEqual(zoneAfter(bench.zone))
    })

    it('is finished by a second call, or undone, wherever the program was killed', async () => {
      const component = componentOf(bench)
      const facts = await factsOf()
      await stepOf(component, facts, 'preparation', 'lower-ttl').apply(bench.io)
      const move = stepOf(component, await factsOf(), 'live', 'switch')
      const all = counting(bench.io)
      await move.apply(all.io)
      await move.undo(bench.io)
      expect(all.changes()).toBeGreaterThan(0)
      for (let number = 1; number <= all.changes(); number++)
        for (const when of ['before', 'after'] as const) {
          await expect(move.apply(dying(bench.io, { change: number, when }))).rejects.toThrow('killed')
          if (number % 2 === 0) {
            await move.apply(bench.io)
            expect(await bench.served()).toEqual(zoneAfter(bench.zone))
            await expect(move.undo(dying(bench.io, { change: number, when }))).rejects.toThrow('killed')
          }
          await move.undo(bench.io)
          expect(await bench.served()).toEqual(zoneLowered(bench.zone))
        }
    })

    it('does not switch what somebody changed, and leaves all else too', async () => {
      const move = stepOf(componentOf(bench), await factsOf(), 'live', 'switch')
      const foreign = { name: `auth.${bench.zone}`, type: 'A', ttlSeconds: 3600, data: ['10.9.9.9'] }
      await bench.put(foreign)
      const served = await bench.served()
      await expect(move.apply(bench.io)).rejects.toMatchObject({
        text: {
          key: 'dns.records.changed',
          values: { records: expect.stringContaining(`auth.${bench.zone} A: 10.9.9.9`) },
        },
      })
      expect(await bench.served()).toEqual(served)
      const { findings } = await audited(bench, componentOf(bench), 'preparation')
      expect(findings).toContainEqual(expect.objectContaining({ id: 'names.record-differs', level: 'block' }))
    })

    it('compares by itself what it is told to expect, whatever the servers were seen to say', async () => {
      const provider = providerOf(dnsSpec.parse(componentOf(bench).spec))
      const name = `auth.${bench.zone}`
      const set = (data: string[]) => ({ name, type: 'A', ttlSeconds: lowTtlSeconds, data })
      const change = { zone: bench.zone, expected: [set(['10.1.1.1'])], wanted: [set(['10.80.4.12'])] }
      const answer = await provider.change(change, bench.io)
      expect(answer.code).toBe('NXRRSET')
      expect((await provider.ask(bench.zone, [set(['10.1.1.1'])], bench.io)).code).toBe('NXRRSET')
      expect((await provider.ask(bench.zone, [set(['10.80.4.11'])], bench.io)).code).toBe('NOERROR')
      expect(await bench.served()).toEqual(zoneBefore(bench.zone))
    })

    it('says clearly that a credential is wrong or does not suffice, without the credential, and changes nothing', async () => {
      const good = await factsOf()
      for (const refused of [bench.wrongSecret, bench.withoutRight]) {
        if (!refused) continue
        const component = componentOf(bench, { update: refused.update })
        const key = `dns.update.${refused.code}`
        const failure: Failure = await stepOf(component, good, 'live', 'switch')
          .apply(bench.io)
          .then(
            () => expect.unreachable('it was let in'),
            (error: unknown) => error as Failure,
          )
        expect(failure.text?.key ?? failure).toBe(key)
        expect(failure.remedy?.key).toBe(`${key}.remedy`)
        expect(await bench.served()).toEqual(zoneBefore(bench.zone))
      }
      const { findings } = await audited(
        bench,
        componentOf(bench, { update: bench.wrongSecret.update }),
        'preparation',
      )
      expect(findings).toContainEqual(
        expect.objectContaining({
          id: 'names.update-refused',
          level: 'block',
          text: expect.objectContaining({ key: `dns.update.${bench.wrongSecret.code}` }),
        }),
      )
    })
  })
}
