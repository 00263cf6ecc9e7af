import { describe, expect, test } from 'vitest'
import { kind } from '../../src/kinds/files/index.ts'
import type { RunMode } from '../../src/model/step.ts'
import { contextOf, factsOf, filesComponent, measuredLink, soundFacts } from '../helpers/files-world.ts'

const stepsOf = (mode: RunMode, facts: Record<string, unknown> = soundFacts, spec = {}) => {
  const component = filesComponent(spec)
  return kind.plan(component, factsOf(facts), contextOf(component, mode))
}

describe('steps', () => {
  test.each([
    ['preparation', ['first-sync:seed', 'prove:prove']],
    ['rehearsal', ['measure-delta:drain']],
    ['live', ['fence:fence', 'final-delta:drain', 'compare:drain', 'reverse-channel:handover']],
  ] as const)('of mode %s', (mode, expected) => {
    expect(stepsOf(mode).map(step => `${step.name}:${step.stage}`)).toEqual(expected)
  })

  test('are the same for the same facts, and wait only for each other', () => {
    for (const mode of ['preparation', 'rehearsal', 'live'] as const) {
      expect(stepsOf(mode)).toEqual(stepsOf(mode))
      const names = stepsOf(mode).map(step => step.name)
      for (const step of stepsOf(mode)) expect(names).toEqual(expect.arrayContaining(step.after))
    }
  })

  test('an action has an undo exactly when a step of it may be undone', () => {
    const steps = (['preparation', 'rehearsal', 'live'] as const).flatMap(mode => stepsOf(mode))
    for (const step of steps) {
      expect([step.name, kind.actions[step.action]?.undo !== undefined]).toEqual([
        step.name,
        step.undo.possible,
      ])
    }
  })

  test('without a fence the source stays writable, and the way back by hand needs no way through it', () => {
    const typed = (spec: object) => {
      const { undo } = stepsOf('live', soundFacts, spec).at(-1) ?? {}
      return undo?.possible ? String(undo.byHand.values?.command) : ''
    }
    expect(stepsOf('live', soundFacts, { fence: 'none' }).map(({ name }) => name)).not.toContain('fence')
    expect(typed({ fence: 'none' })).not.toContain('unshare')
    expect(typed({})).toContain('unshare --mount')
  })

  test('a target that held other files is never erased', () => {
    const [first] = stepsOf('preparation', { ...soundFacts, targetState: 'foreign' })
    expect(first?.undo).toMatchObject({ possible: false, why: { key: 'files.first-sync.noUndo' } })
  })

  test('are planned from the declared size when nothing was audited', () => {
    for (const step of stepsOf('preparation', {}))
      expect(step.deadlineSeconds).toBeGreaterThan(step.expectedSeconds)
  })
})

describe('expected seconds', () => {
  test('of the first sync: 300 GB at a measured 100 Mbit/s are 7.8 h', () => {
    const component = filesComponent()
    const facts = factsOf(soundFacts)
    const context = {
      ...contextOf(component, 'preparation', facts),
      roles: measuredLink(100),
    }
    const [first] = kind.plan(component, facts, context)
    expect(first?.expectedSeconds).toBeGreaterThan(7.8 * 3600)
    expect(first?.expectedSeconds).toBeLessThan(7.9 * 3600)
  })

  test('a limit of the plan slows the first sync, not the night', () => {
    const limited = { bandwidthLimitMbps: 10 }
    expect(stepsOf('preparation', soundFacts, limited)[0]?.expectedSeconds).toBeGreaterThan(
      5 * (stepsOf('preparation')[0]?.expectedSeconds ?? 0),
    )
    expect(stepsOf('live', soundFacts, limited)).toEqual(stepsOf('live'))
  })

  test('of the night do not grow with the bytes that do not change', () => {
    expect(stepsOf('live', { ...soundFacts, bytes: 10 * soundFacts.bytes })).toEqual(stepsOf('live'))
  })
})

describe('what the forecast is told', () => {
  test('a delta sends for part of its time; two comparisons at the same hosts wait for each other', () => {
    const [, delta, compare] = stepsOf('live', { ...soundFacts, churnBytes: 40e9, files: 1_000_000 })
    const { expectedSeconds = 0, duration } = delta ?? {}
    expect(duration?.linkSeconds).toBeGreaterThan(0)
    expect(expectedSeconds - (duration?.linkSeconds ?? 0)).toBeGreaterThanOrEqual(28)
    expect(compare?.duration?.alone).toHaveLength(2)
  })
})
