import { describe, expect, it } from 'vitest'
import { typedLine } from '../../src/cli/typed-line.ts'
import type { Run } from '../../src/model/run.ts'
import type { RunView } from '../../src/views/run-view.ts'
import { type Waiting, waiting } from '../../src/views/waiting.ts'
import { aViewedNight, pictureOf } from '../helpers/night-run-views.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const formatter = strictFormatter()
const failure = { text: { key: 'test.cannot' as const } }
const typed = (wait: Waiting | undefined): string[] =>
  (wait?.orders ?? []).map(order => typedLine('bascule', order))

async function pictureWith(change: Partial<Run>): Promise<RunView> {
  const night = aViewedNight({ people: [] })
  await night.carryOut(false)
  const runView = pictureOf(night)
  return { ...runView, run: { ...(runView.run as Run), gates: {}, ...change } }
}

const atGo = (change: object) => ({
  gates: { go: { reachedAt: '2026-12-12T21:00:00Z', checks: {}, signoffs: {}, ...change } },
})

describe('what waits', () => {
  it('nothing before a gate is reached', async () => {
    expect(waiting(await pictureWith({}), formatter)).toEqual([])
  })

  it('asks for no sign-off while a check is still measured: a GO would be refused', async () => {
    const measuring = { T2: { status: 'running' as const, attempt: 1, failures: 0 } }
    expect(waiting(await pictureWith(atGo({ checks: measuring })), formatter)).toEqual([])
  })

  it('tells a failed check with its figures, and how to measure it again', async () => {
    const failed = { status: 'failed' as const, attempt: 1, failures: 1, value: 93, unit: 's', figures: {} }
    const runView = await pictureWith(atGo({ checks: { T2: failed } }))
    const [check] = waiting(runView, formatter)
    expect(check).toMatchObject({ what: 'check', id: 'T2', orders: [{ do: 'retry', step: 'T2' }] })
    expect(check?.text).toContain('93 s (threshold = 0)')
  })

  it('never shows an unverified check as its value', async () => {
    const unverified = {
      status: 'failed' as const,
      attempt: 1,
      failures: 1,
      value: 0,
      unit: '',
      unverified: true,
    }
    const [check] = waiting(await pictureWith(atGo({ checks: { T2: unverified } })), formatter)
    expect(check?.text).toContain('unverified')
  })

  it('tells what to mend before a step, or a check, is tried again', async () => {
    const failure = { text: { key: 'test.cannot' as const }, remedy: { key: 'test.mend' as const } }
    const runView = await pictureWith({})
    const [first] = runView.runbook.steps
    const step = { status: 'failed' as const, attempt: 9, failures: 9, mayHaveChanged: true, failure }
    const check = { status: 'failed' as const, attempt: 1, failures: 1, failure }
    for (const run of [{ steps: { [first?.id ?? '']: step } }, atGo({ checks: { T2: check } })]) {
      const [told] = waiting({ ...runView, run: { ...(runView.run as Run), ...run } }, formatter)
      expect(told).toMatchObject({ remedy: 'mend it' })
    }
  })

  it('names both ways out of a run that stands still', async () => {
    const waits = waiting(await pictureWith({ outcome: 'failed' }), formatter)
    expect(typed(waits.at(-1))).toEqual(['bascule resume', 'bascule rollback --reason "…"'])
  })

  it('asks only the roles that have not signed', async () => {
    const passed = { status: 'passed' as const, attempt: 1, failures: 0, value: 0 }
    const lead = { lead: { decision: 'go' as const, by: 'claire', at: '2026-12-12T21:00:00Z' } }
    const waits = waiting(await pictureWith(atGo({ checks: { T2: passed }, signoffs: lead })), formatter)
    expect(waits).toMatchObject([{ roles: ['dba'], orders: [{ do: 'go', gate: 'go', role: 'dba' }] }])
    expect(typed(waits[0])).toEqual(['bascule go --gate go --as dba'])
  })

  describe('while a line is lost', () => {
    const lost = {
      sequence: 9,
      at: '2026-12-12T21:05:00Z',
      component: 'line',
      why: { key: 'test.line' as const },
    }
    const linesLost = { 'line.main': lost }
    const cut = { status: 'done' as const, attempt: 1, failures: 0, mayHaveChanged: true }
    const steps = { 'auth.maintenance': { ...cut, startedAt: '2026-12-12T21:01:00Z' } }
    const back = 'bascule rollback --reason "…"'
    const longer = 'bascule hold --reason "…"'

    it('says until when it is waited for once users are cut, and what can be done before', async () => {
      const [line] = waiting(await pictureWith({ linesLost, steps }), formatter)
      expect(line).toMatchObject({ what: 'line', id: 'line' })
      expect(typed(line)).toEqual([back, longer])
      expect(line?.text).toContain('until 21:10:00')
    })

    it('says the last safe moment where that comes first, or nobody is kept out yet', async () => {
      const seen = await pictureWith({ linesLost })
      const [early] = waiting(seen, formatter)
      expect(typed(early)).toEqual([back])
      expect(early?.text).toContain('until 22:50:00')
      const forecast = { ...seen.forecast, lastSafe: '2026-12-12T21:06:00Z' }
      const [late] = waiting({ ...seen, forecast, run: { ...(seen.run as Run), steps } }, formatter)
      expect(late?.text).toContain('until 21:06:00')
      expect(typed(late)).toEqual([back])
    })

    it('names no instant where nothing is undone by itself: held, or users are coming back', async () => {
      const held = { at: '2026-12-12T21:05:05Z', by: 'claire' }
      const waits = waiting(await pictureWith({ linesLost, steps, held }), formatter)
      expect(waits.map(({ what }) => what)).toEqual(['hold', 'line'])
      expect(waits[0]?.warning).toMatch(/`rollback.lineLost` does not apply.+deadline 22:50:00/)
      const gates = { reopen: { reachedAt: '', openedAt: '', checks: {}, signoffs: {} } }
      const returning = { ...steps, 'auth.reopen': { ...cut, startedAt: '2026-12-12T21:04:00Z' } }
      const reopened = waiting(await pictureWith({ linesLost, steps: returning, gates }), formatter)
      for (const { text } of [...waits.slice(1), ...reopened]) expect(text).not.toContain('until 2')
      expect(reopened.map(typed)).toEqual([[back]])
    })

    it('is silent once the night is being undone', async () => {
      const rollback = {
        at: '2026-12-12T21:10:00Z',
        sequence: 12,
        trigger: 'R4' as const,
        why: { key: 'test.cannot' as const },
      }
      expect(waiting(await pictureWith({ linesLost, steps, rollback }), formatter)).toEqual([])
    })
  })

  it('tells who holds the run, since when and why', async () => {
    const held = { at: '2026-12-12T21:00:05Z', by: 'claire', reason: 'phone' }
    const [hold] = waiting(await pictureWith({ held }), formatter)
    expect(hold).toMatchObject({ what: 'hold', orders: [{ do: 'resume' }, { do: 'roll-back', reason: '' }] })
    expect(typed(hold)).toEqual(['bascule resume', 'bascule rollback --reason "…"'])
    expect(hold?.text).toBe('held by claire since 21:00:05: phone')
  })

  it('warns that a hold does not stop the rollback deadline, and that its undos wait for a person', async () => {
    const held = { at: '2026-12-12T21:00:05Z', by: 'claire' }
    const [hold] = waiting(await pictureWith({ held }), formatter)
    expect(hold?.warning).toMatch(/rollback deadline 22:50:00 still applies.+only after `bascule resume`/)
    const gates = { reopen: { reachedAt: '', openedAt: '', checks: {}, signoffs: {} } }
    expect(waiting(await pictureWith({ held, gates }), formatter)[0]).not.toHaveProperty('warning')
    const rollback = {
      sequence: 12,
      at: '2026-12-12T22:50:00Z',
      trigger: 'R4',
      why: { key: 'test.cannot' },
    } as const
    const [decided] = waiting(await pictureWith({ held, rollback }), formatter)
    expect(decided?.warning).toMatch(/no undo starts before `bascule resume`/)
    expect(typed(decided)).toEqual(['bascule resume'])
  })

  it('offers retry, done and skip for a step that is not tried again by itself', async () => {
    const state = { status: 'failed' as const, attempt: 2, failures: 2, mayHaveChanged: true, failure }
    const [step] = waiting(await pictureWith({ steps: { 'auth.stop': state } }), formatter)
    expect(typed(step)).toEqual(
      ['retry', 'done', 'skip'].map(verb => `bascule ${verb} auth.stop --reason "…"`),
    )
    const once = { ...state, failures: 1 }
    expect(waiting(await pictureWith({ steps: { 'auth.stop': once } }), formatter)).toEqual([])
  })

  it('offers to go on without what never answers, says what that means and until when', async () => {
    const runView = await pictureWith({})
    const [first, ...rest] = runView.runbook.steps
    if (first === undefined) throw new Error('no step')
    const means = { key: 'test.mend' as const }
    const mayLeaveOut = [{ part: 'ns2:53', means, meansRolledBack: means }]
    const runbook = { ...runView.runbook, steps: [{ ...first, mayLeaveOut }, ...rest] }
    const late = { ...failure, leaveOut: ['ns2:53'] }
    const state = { status: 'failed' as const, attempt: 9, failures: 9, mayHaveChanged: true, failure: late }
    const run = { ...(runView.run as Run), steps: { [first.id]: state } }
    const [step] = waiting({ ...runView, runbook, run }, formatter)
    expect(typed(step)[0]).toBe(`bascule leave-out ${first.component} ns2:53 --reason "…"`)
    expect(step?.text).toContain(`without ns2:53`)
    expect(step?.text).toContain(`rolls back at ${formatter.clock(runView.forecast.lastSafe)}`)
    const held = { at: '2026-12-12T21:00:05Z', by: 'claire' }
    const [, whenHeld] = waiting({ ...runView, runbook, run: { ...run, held } }, formatter)
    expect(whenHeld?.text).not.toContain('rolls back')
  })

  it('says how to undo by hand what could not be undone', async () => {
    const undo = { status: 'failed' as const, attempt: 2, failures: 2, failure }
    const state = { status: 'done' as const, attempt: 1, failures: 0, mayHaveChanged: true, undo }
    const rollback = {
      at: '2026-12-12T21:00:05Z',
      sequence: 12,
      trigger: 'R1' as const,
      why: { key: 'test.cannot' as const },
    }
    const runView = await pictureWith({ steps: { 'auth.stop': state }, rollback, outcome: 'rollback-failed' })
    const waits = waiting(runView, formatter)
    expect(waits.map(wait => wait.what)).toEqual(['undo', 'resume'])
    expect(waits[0]?.text).toContain('By hand: by hand')
  })

  it.each([
    [{ makesReturnPath: 'monitored' }],
    [{ makesReturnPath: 'unmonitored' }],
    [{ handsOver: true }],
  ] as const)('offers no skip of an undo that brings back what users wrote at the target: %o', async mark => {
    const undo = { status: 'failed' as const, attempt: 2, failures: 2, failure }
    const state = { status: 'done' as const, attempt: 1, failures: 0, mayHaveChanged: true, undo }
    const rollback = {
      sequence: 12,
      at: '2026-12-12T21:00:05Z',
      trigger: 'R1',
      why: { key: 'test.cannot' },
    } as const
    const seen = await pictureWith({ steps: { 'auth.stop': state }, rollback, outcome: 'rollback-failed' })
    const steps = seen.runbook.steps.map(step => ({
      ...step,
      ...(step.id === 'auth.stop' && mark),
    }))
    const runView = { ...seen, runbook: { ...seen.runbook, steps } }
    const [told] = waiting(runView, formatter)
    expect(typed(told)).toEqual(['retry', 'done'].map(verb => `bascule ${verb} auth.stop --reason "…"`))
    expect(told?.warning).toMatch(
      /without what users wrote at the target.+`bascule rollback --without target/,
    )
    const siteGivenUp = {
      ...{ side: 'target' as const, silent: [], loses: [], by: [], why: { key: 'test.cannot' as const } },
      at: '2026-12-12T21:00:05Z',
    }
    const [given] = waiting({ ...runView, run: { ...(runView.run as Run), siteGivenUp } }, formatter)
    expect(given?.orders.map(order => order.do)).toEqual(['retry', 'done', 'skip'])
    expect(given).not.toHaveProperty('warning')
  })

  it('announces that a resume after the rollback deadline rolls back at once', async () => {
    const seen = { ...(await pictureWith({})), executing: false }
    expect(waiting(seen, formatter)[0]).not.toHaveProperty('warning')
    const late = { ...seen, now: '2026-12-12T22:50:01Z' }
    const [resume] = waiting(late, formatter)
    expect(resume).toMatchObject({
      what: 'resume',
      warning: expect.stringMatching(/deadline has passed.+R4/),
    })
    const gates = { reopen: { reachedAt: '', openedAt: '', checks: {}, signoffs: {} } }
    const reopened = waiting({ ...late, run: { ...(late.run as Run), gates } }, formatter)
    expect(reopened.find(({ what }) => what === 'resume')).not.toHaveProperty('warning')
  })

  it('waits for nothing once undone', async () => {
    const rollback = {
      at: '2026-12-12T21:00:05Z',
      sequence: 12,
      trigger: 'R1' as const,
      why: { key: 'test.cannot' as const },
    }
    expect(waiting(await pictureWith({ rollback, outcome: 'rolled-back' }), formatter)).toEqual([])
  })
})
