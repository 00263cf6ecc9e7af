import { describe, expect, it } from 'vitest'
import type { OrderRecord } from '../../src/model/event.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Person } from '../../src/model/plan.ts'
import { signedText } from '../../src/run/signatures.ts'
import { Night } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const claire: Person = {
  ...{ role: 'lead', name: 'Claire', contact: '', duties: '', key: 'ssh-ed25519 claire' },
  available: { fromDay: 0, untilDay: 0 },
}

/** Every GO that is asked for is sent, over and over; `sign` does so as somebody would. */
function aNight(sign: Night['sign'], signatures: 'required' | 'declared' = 'required') {
  const clock = new VirtualClock()
  const runbook = aRunbook([aStep('a.cut', ['go'])], [aGate('go', [])])
  const world = new RecordingWorld(clock)
  const plan = aPlan(runbook.steps, { people: [claire], signatures })
  const night = new Night(plan, runbook, clock, world, [
    {
      when: ({ gates: { go } }) => go?.checks['check-go']?.status === 'passed' && go.openedAt === undefined,
      order: { do: 'go', role: 'lead', gate: 'go' },
      eachTime: true,
    },
  ])
  night.sign = sign
  // of this key, and of this text
  night.signerOf = (text, signature, keys) => keys.find(key => signature === `${key} signs ${text}`)
  return night
}

function signedBy(night: Night, key: string, record: OrderRecord): OrderRecord {
  const own = { ...record, by: claire.name }
  const entries = night.journal.entries()
  const text = signedText('run', own, { entries: entries.length, hash: entries.at(-1)?.hash ?? '' })
  return { ...own, signed: { text, signatures: [`${key} signs ${text}`] } }
}

const refusals = (night: Night): string[] =>
  night.journal.entries().flatMap(({ event }) => (event.type === 'order.refused' ? event.why.key : []))

describe('where the plan requires signatures', () => {
  it.each<[string, string, (night: Night, record: OrderRecord) => OrderRecord]>([
    ['without a signature', 'run.order.unsigned', (_, record) => record],
    ['of a stranger', 'run.order.signatureInvalid', (night, record) => signedBy(night, 'ssh-rsa x', record)],
    [
      'that was a hold when it was signed',
      'run.order.signedOther',
      (night, record) => ({
        ...record,
        by: claire.name,
        ...pick(signedBy(night, 'ssh-ed25519 claire', { ...record, order: { do: 'hold' } })),
      }),
    ],
  ])(
    'a GO %s opens nothing, is in the journal, and the run goes on for the right one',
    async (_, why, forge) => {
      let sent = 0
      const night: Night = aNight(record =>
        ++sent < 3 ? forge(night, record) : signedBy(night, 'ssh-ed25519 claire', record),
      )
      expect(await night.carryOut()).toBe('moved')
      expect(refusals(night)).toEqual([why, why])
      expect(night.run.gates.go?.signoffs.lead).toMatchObject({ by: 'Claire', decision: 'go' })
    },
  )

  it('the journal keeps what was signed, word for word', async () => {
    const night: Night = aNight(record => signedBy(night, 'ssh-ed25519 claire', record))
    await night.carryOut()
    const received = night.journal
      .entries()
      .flatMap(({ event }) => (event.type === 'order.received' ? event.order : []))
    expect(JSON.parse(received[0]?.signed?.text ?? '')).toMatchObject({
      run: 'run',
      order: { do: 'go' },
      by: 'Claire',
    })
  })

  it('a program that cannot check signatures counts none', async () => {
    const night: Night = aNight(record => signedBy(night, 'ssh-ed25519 claire', record))
    night.signerOf = undefined
    expect(await night.carryOut(false)).toBe('waiting')
    expect(new Set(refusals(night))).toEqual(new Set(['run.order.signatureUnchecked']))
  })
})

describe('a signature that cannot be checked, as ssh-keygen hangs,', () => {
  const hangs = new Failure(
    { key: 'transport.signature.timedOut', values: { seconds: 10 } },
    { remedy: { key: 'transport.signature.remedy' } },
  )
  /** For so many looks; then it is checked as always. */
  function hangsAtFirst(night: Night, looks: number): void {
    const { signerOf } = night
    let asked = 0
    night.signerOf = (...signed) => {
      asked += 1
      if (asked <= looks) throw hangs
      return signerOf?.(...signed)
    }
  }
  const notes = (night: Night): string[] =>
    night.journal.entries().flatMap(({ event }) => (event.type === 'note' ? event.text.key : []))

  it('judges nothing: the GO waits, the journal says so once, and it counts when it can be checked', async () => {
    const night: Night = aNight(record => signedBy(night, 'ssh-ed25519 claire', record))
    hangsAtFirst(night, 3)
    expect(await night.carryOut()).toBe('moved')
    expect(refusals(night)).toEqual([])
    expect(notes(night)).toEqual(['run.order.waitsForCheck'])
    const note = night.journal.entries().find(({ event }) => event.type === 'note')?.event
    expect(note).toMatchObject({
      text: { values: { by: 'Claire', why: hangs.text, remedy: hangs.remedy } },
    })
  })

  it('lets no later order overtake the one that waits', async () => {
    const night: Night = aNight(record => signedBy(night, 'ssh-ed25519 claire', record))
    const [go] = night.people
    night.people.unshift({
      when: go?.when ?? (() => false),
      order: { do: 'no-go', role: 'lead', gate: 'go' },
    })
    hangsAtFirst(night, 1)
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.gates.go?.signoffs.lead).toMatchObject({ decision: 'no-go' })
  })

  it('keeps no program waiting that is not to wait for people; the next one judges the order', async () => {
    const night: Night = aNight(record => signedBy(night, 'ssh-ed25519 claire', record))
    hangsAtFirst(night, 1)
    expect(await night.carryOut(false)).toBe('waiting')
    expect(refusals(night)).toEqual([])
    expect(await night.resume()).toBe('moved')
  })
})

it('where names are declared an order needs no signature', async () => {
  const night = aNight(undefined, 'declared')
  expect(await night.carryOut()).toBe('moved')
})

const pick = ({ signed }: OrderRecord) => (signed ? { signed } : {})
