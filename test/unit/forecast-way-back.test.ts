import { describe, expect, it } from 'vitest'
import { wayBackFromHere } from '../../src/forecast/last-safe.ts'
import { undoAtP95, wayBack } from '../../src/forecast/way-back.ts'
import type { Entry, Event } from '../../src/model/event.ts'
import { instantAt } from '../../src/model/instant.ts'
import type { Residual } from '../../src/model/residual.ts'
import { fold } from '../../src/run/fold.ts'
import { overrunAt } from '../../src/run/overrun.ts'
import { aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const undo = {
  possible: true,
  expectedSeconds: 10,
  deadlineSeconds: 60,
  byHand: { key: 'test.byHand' },
} as const
const copy = aStep('a.copy', [], { action: 'copy', undo })
const steps = [
  copy,
  aStep('a.start', ['a.copy'], { action: 'start', undo }),
  aStep('b.copy', [], { action: 'copy', undo }),
]
const runbook = aRunbook(steps)
const plan = aPlan(steps)

const measured = (ratio: number, count: number, id = 'a.copy'): Residual[] =>
  Array.from({ length: count }, () => ({
    ...{ timed: 'undo' as const, id, like: 'double/copy', seconds: 10 * ratio, expectedSeconds: 10 },
  }))

describe('an undo at P95', () => {
  it('is half as long again as expected while nobody has measured it', () => {
    expect(undoAtP95(copy, [])).toEqual({ seconds: 15, from: 'assumed' })
  })

  it('is lengthened by what a short one of another component took in excess, not by its ratio', () => {
    const long = { ...copy, undo: { ...undo, expectedSeconds: 600 } }
    const { seconds, from } = undoAtP95(long, measured(4, 1, 'b.copy'))
    expect({ seconds, from }).toEqual({ seconds: 900 + 30 * 1.5, from: 'lengthened' })
    expect(undoAtP95(long, measured(4, 1)).seconds).toBe(3600)
  })

  it('is shorter than assumed only once 19 undos of the very same step were', () => {
    expect(undoAtP95(copy, measured(0.5, 18))).toEqual({ seconds: 15, from: 'assumed' })
    expect(undoAtP95(copy, measured(0.5, 19))).toEqual({ seconds: 5, from: 'measured' })
    expect(undoAtP95(copy, measured(0.5, 40, 'b.copy'))).toEqual({ seconds: 15, from: 'assumed' })
  })

  it('is longer as soon as one that is like it was', () => {
    expect(undoAtP95(copy, measured(4, 1))).toEqual({ seconds: 60, from: 'lengthened' })
    expect(undoAtP95(copy, measured(4, 1, 'b.copy'))).toEqual({ seconds: 60, from: 'lengthened' })
    expect(undoAtP95(copy, measured(4, 9)).seconds).toBeCloseTo(40 * (1.5 / 1.3715), 1)
  })

  it('is not corrected by how long the step itself took', () => {
    const applied = measured(9, 30).map(one => ({ ...one, timed: 'apply' as const }))
    expect(undoAtP95(copy, applied).from).toBe('assumed')
  })
})

describe('the way back', () => {
  it('is the longest chain, and says what of it is measured', () => {
    const back = wayBack({ runbook, plan, measured: measured(0.5, 19) }, steps)
    // b.copy is like a.copy, and has not been measured itself
    expect(back).toEqual({
      seconds: 20,
      chain: ['a.copy', 'a.start'],
      basis: { measured: 1, lengthened: 0, assumed: 1 },
    })
  })

  it('takes no time, and no margin, where nothing has been touched', () => {
    const margin = { ...plan, rollback: { ...plan.rollback, marginSeconds: 300 } }
    expect(wayBack({ runbook, plan: margin, measured: [] }, []).seconds).toBe(0)
    expect(wayBack({ runbook, plan: margin, measured: [] }, [copy]).seconds).toBe(315)
  })
})

describe('the rollback deadline of a run', () => {
  const started = (at: number): [string, number, Event] => [
    `run-${at}`,
    at,
    {
      ...{ type: 'run.started', mode: 'live', planName: 'test', planHash: '', runbookHash: runbook.hash },
      ...{ programVersion: '1', windowStart: instantAt(0), windowEnd: instantAt(7_200_000) },
      ...{ fencingNumber: 1, by: 'marie' },
    },
  ]
  const journal = (...events: [string, number, Event][]): Entry[] =>
    events.map(([run, at, event], sequence) => ({
      ...{ sequence, at: instantAt(at * 1000), run, event, previousHash: '', hash: '' },
    }))
  const undoing = (run: string, at: number, step: string, lasts: number): [string, number, Event][] => [
    [run, at, { type: 'undo.started', step, attempt: 1 }],
    [run, at + lasts, { type: 'undo.done', step, attempt: 1, how: 'applied' }],
  ]
  const recorded: [string, number, Event] = [
    'run-0',
    0,
    { type: 'runbook.recorded', hash: runbook.hash, runbook },
  ]
  const touched: Event = { type: 'step.started', step: 'a.copy', attempt: 1 }

  it('counts with the undos of earlier runs, as they were known when it began, and so after a resume', () => {
    const before = [recorded, started(0), ...undoing('run-0', 10, 'a.copy', 80), started(100)]
    const mine: [string, number, Event][] = [['run-100', 110, touched]]
    const run = fold(journal(...before, ...mine)).runs[1]
    if (run === undefined) throw new Error('no run')
    expect(wayBackFromHere(runbook, run, plan)).toMatchObject({ seconds: 120, basis: { lengthened: 1 } })
    const resumed: [string, number, Event] = [
      'run-100',
      500,
      { type: 'run.resumed', fencingNumber: 2, by: 'marie', programVersion: '2' },
    ]
    const later = fold(journal(...before, ...mine, ...undoing('run-0', 300, 'a.copy', 2), resumed)).runs[1]
    expect(later && overrunAt(runbook, later, plan)?.toString()).toBe(
      overrunAt(runbook, run, plan)?.toString(),
    )
  })

  it('leaves out an undo that the end of a program has cut through, or a person did', () => {
    const cut: [string, number, Event][] = [
      ['run-0', 10, { type: 'undo.started', step: 'a.copy', attempt: 1 }],
      ['run-0', 500, { type: 'run.resumed', fencingNumber: 2, by: 'marie', programVersion: '1' }],
      ['run-0', 501, { type: 'undo.done', step: 'a.copy', attempt: 1, how: 'applied' }],
      ['run-0', 502, { type: 'undo.started', step: 'b.copy', attempt: 1 }],
      ['run-0', 900, { type: 'undo.done', step: 'b.copy', attempt: 1, how: 'by-hand' }],
    ]
    const history = fold(journal(recorded, started(0), ...cut, started(1000)))
    expect(history.undos).toBeUndefined()
    expect(history.runs[1]?.undosBefore).toBeUndefined()
  })
})
