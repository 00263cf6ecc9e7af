import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { waitUntil } from '../../src/cli/wait-until.ts'
import { startInstant } from '../../src/run/start-time.ts'
import { aPlan } from '../helpers/small-runbook.ts'

const plan = aPlan([])
const start = (at: string | undefined, now: string) => startInstant(plan, at, now, 'bascule')

describe('when a live run begins', () => {
  it('inside the window: now, and it keeps the window of the plan', () => {
    expect(start(undefined, '2026-12-12T21:00:00Z')).toBeUndefined()
    expect(start(undefined, '2026-12-12T22:59:59Z')).toBeUndefined()
  })

  it.each([
    ['2026-12-12T20:59:59Z', 'run.beforeWindow'],
    ['2026-12-12T23:00:00Z', 'run.afterWindow'],
  ])('outside the window (%s) only when asked for by name', (now, key) => {
    expect(() => start(undefined, now)).toThrow(key)
    expect(start('now', now)).toBe(now)
  })

  it('at a local time of the zone of the plan', () => {
    expect(start('2026-12-19T22:00', '2026-12-12T20:00:00Z')).toBe('2026-12-19T21:00:00Z')
  })

  it.each([['2026-12-12T20:00'], ['tomorrow'], ['2026-02-31T22:00']])('never at %s', at => {
    expect(() => start(at, '2026-12-12T20:00:00Z')).toThrow(/run\.(past|badTime)/)
  })

  it('never at an hour that the zone skips or has twice', () => {
    for (const at of ['2027-03-28T02:30', '2027-10-31T02:30']) {
      expect(() => start(at, '2026-12-12T20:00:00Z')).toThrow('run.badTime')
    }
  })
})

describe('waiting for it', () => {
  it('ends at once when it is past, and when it is stopped', async () => {
    const past = Temporal.Now.instant().subtract({ seconds: 1 })
    expect(await waitUntil(past, new AbortController().signal)).toBe(true)
    const stop = new AbortController()
    const waiting = waitUntil(Temporal.Now.instant().add({ hours: 24 * 40 }), stop.signal)
    stop.abort()
    expect(await waiting).toBe(false)
  })
})
