import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/model/event.ts'
import type { Author, Person } from '../../src/model/plan.ts'
import type { GateId } from '../../src/model/stage.ts'
import { authorApproves } from '../../src/run/author.ts'
import { renderLines } from '../../src/views/lines.ts'
import { runViewOf } from '../../src/views/run-view.ts'
import { statusLines } from '../../src/views/status-lines.ts'
import { Night } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const lead = (name: string): Person => ({
  ...{ role: 'lead', name, contact: '', duties: '' },
  available: { fromDay: 0, untilDay: 0 },
})
const claire: Author = { name: 'Claire', mayNotApprove: ['go', 'countersign'] }

/** At each of the two gates somebody of these says GO, one after the other, as often as it is asked for. */
function aNight(author: Author | undefined, ...speakers: string[]): Night {
  const clock = new VirtualClock()
  const gate = (id: GateId, after: string[]) =>
    aGate(id, after, { checks: [], title: { key: 'test.gate', values: { gate: id } } })
  const gates = [gate('go', []), gate('reopen', ['a.cut'])]
  const runbook = aRunbook([aStep('a.cut', ['go']), aStep('a.end', ['reopen'])], gates)
  const plan = aPlan(runbook.steps, {
    ...{ people: [lead('Claire'), lead('Nora')], signatures: 'declared' as const },
    ...(author && { author }),
  })
  const night = new Night(plan, runbook, clock, new RecordingWorld(clock), [
    {
      when: ({ gates: states }) => Object.values(states).some(state => state?.openedAt === undefined),
      order: { do: 'go', role: 'lead' },
      eachTime: true,
    },
  ])
  let said = 0
  night.sign = record => ({ ...record, by: speakers[said++ % speakers.length] ?? '' })
  return night
}

const answers = (night: Night): string[] =>
  night.journal.entries().flatMap(({ event }) => {
    if (event.type === 'order.received') return `${event.order.by} counts`
    return event.type === 'order.refused' ? `${event.order.by}: ${event.why.key}` : []
  })

describe('where the author of the plan may not approve', () => {
  it('the GO of the author opens nothing, that of another of the role does; other gates are open to both', async () => {
    const night = aNight(claire, ' claire', 'Nora', 'Claire')
    expect(await night.carryOut()).toBe('moved')
    expect(answers(night)).toEqual([' claire: run.order.authorGo', 'Nora counts', 'Claire counts'])
  })

  it('a NO-GO of the author counts', async () => {
    const night = aNight(claire, 'Claire')
    const [speaker] = night.people
    night.people.splice(0, 1, {
      when: speaker?.when ?? (() => false),
      order: { do: 'no-go', role: 'lead', gate: 'go' },
    })
    expect(await night.carryOut()).toBe('rolled-back')
  })

  it('the author is not the second of two people, and may be the first', () => {
    const order = (and: string): Order => ({
      ...{ do: 'roll-back', reason: 'fire' },
      without: { side: 'target', silent: [], loses: [], isolated: 'power', and },
    })
    expect(authorApproves({ author: claire }, order('CLAIRE'), 'Nora')).toMatchObject({
      key: 'run.order.authorCountersigns',
    })
    expect(authorApproves({ author: claire }, order('Nora'), 'Claire')).toBeUndefined()
    expect(authorApproves({}, order('Claire'), 'Nora')).toBeUndefined()
  })

  it('status names the author, and asks somebody else for the GO', async () => {
    const formatter = strictFormatter()
    const shown = async (author: Author | undefined): Promise<string> => {
      const night = aNight(author, 'Nora')
      night.people.length = 0
      await night.carryOut(false)
      const { plan, runbook, run } = night
      const history = {
        ...{ facts: {}, clocks: {}, runs: [run] },
        ...{ plans: { [run.planHash]: plan }, runbooks: { [run.runbookHash]: runbook } },
      }
      const now = night.clock.now().toString()
      const view = runViewOf({ history, mode: 'live', plan, kinds: {}, now, executing: true })
      return renderLines(statusLines(view, formatter, { typed: order => order.do })).join('\n')
    }
    const said = await shown(claire)
    expect(said).toContain('Plan written by Claire, who may not approve: go, countersign.')
    expect(said).toContain('lead (Nora)')
    expect(said).not.toContain('lead (Claire)')
    expect(await shown({ name: 'Claire', mayNotApprove: [] })).toContain('Plan written by Claire.')
    expect(await shown(undefined)).toContain('lead (Claire)')
  })
})

it('without an author in the plan everybody of the role may say GO', async () => {
  const night = aNight(undefined, 'Claire')
  expect(await night.carryOut()).toBe('moved')
})
