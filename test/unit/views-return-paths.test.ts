import { describe, expect, it } from 'vitest'
import { typedLine } from '../../src/cli/typed-line.ts'
import type { ReturnPathSeen } from '../../src/model/return-path.ts'
import type { Run } from '../../src/model/run.ts'
import { renderLines } from '../../src/views/lines.ts'
import { returnPathLines, returnPathRows } from '../../src/views/return-paths.ts'
import type { RunView } from '../../src/views/run-view.ts'
import { waiting } from '../../src/views/waiting.ts'
import { aViewedNight, pictureOf } from '../helpers/night-run-views.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const formatter = strictFormatter()
const at = '2026-12-12T21:00:00Z'
const atStake = { key: 'test.cannot' as const }
const nothingBehind: ReturnPathSeen = { state: 'good', bytesBehind: 0, secondsBehind: 0, atStake }
const broken: ReturnPathSeen = { ...nothingBehind, state: 'broken', bytesBehind: 4000, secondsBehind: 3 }

/** A night with users at the target, whose first step made a return path that was last seen like this. */
async function pictureSeen(seen: ReturnPathSeen, now: string): Promise<RunView> {
  const night = aViewedNight({ people: [] })
  await night.carryOut(false)
  const runView = pictureOf(night)
  const [first, ...others] = runView.runbook.steps
  if (first === undefined || runView.run === undefined) throw new Error('no night')
  const run: Run = {
    ...runView.run,
    gates: { ...runView.run.gates, reopen: { reachedAt: at, openedAt: at, checks: {}, signoffs: {} } },
    steps: { [first.id]: { status: 'done', attempt: 1, failures: 0, mayHaveChanged: true } },
    returnPaths: { [first.component]: { ...seen, at, since: at } },
  }
  return {
    ...runView,
    runbook: { ...runView.runbook, steps: [{ ...first, makesReturnPath: 'monitored' as const }, ...others] },
    ...{ run, now },
  }
}

async function linesOf(seen: ReturnPathSeen, now: string): Promise<string> {
  const rows = returnPathRows(await pictureSeen(seen, now), formatter)
  return renderLines(returnPathLines(rows, formatter, 'bascule watch --every 60')).join('\n')
}

describe('the return path, as it was last seen', () => {
  it('promises that nothing is lost only from a recent look', async () => {
    const text = await linesOf(nothingBehind, '2026-12-12T21:01:00Z')
    expect(text).toContain('A rollback loses nothing.')
    expect(text).toContain('If the target is destroyed now, this is lost: nothing.')
  })

  it('of a look long ago says as of when it is, and that the present loss is unknown', async () => {
    const text = await linesOf(nothingBehind, '2026-12-12T22:49:00Z')
    expect(text).toContain('As of 6540 s ago; the present loss is unknown.')
    expect(text).toContain('bascule watch --every 60')
    expect(text).not.toContain('nothing')
  })

  it('that is broken says what is only at the target, and that a rollback is refused', async () => {
    const text = await linesOf(broken, '2026-12-12T21:01:00Z')
    expect(text).toMatch(/Only at the target: .*4.*a rollback is refused until the return path is restored/)
    const old = await linesOf(broken, '2026-12-12T22:49:00Z')
    expect(old).toContain('the present loss is unknown')
    expect(old).not.toContain('Only at the target')
  })

  it('on which commits wait says that none is lost, or that they wait and what lets them go', async () => {
    const now = '2026-12-12T21:01:00Z'
    const both = await linesOf({ ...nothingBehind, bytesBehind: 9000, commits: 'both' }, now)
    expect(both).toContain('If the target is destroyed now, this is lost: 0 acknowledged commits.')
    expect(both).not.toContain('asynchronous')
    const waits = await linesOf({ ...broken, commits: 'waiting' }, now)
    expect(waits).toMatch(/COMMITS AT THE TARGET WAIT.*`bascule repair-return-path --reason TEXT`/)
    expect(await linesOf(nothingBehind, now)).toContain('It is asynchronous.')
    const rows = returnPathRows(await pictureSeen({ ...broken, commits: 'waiting' }, now), formatter)
    expect(rows).toMatchObject([{ commits: 'waiting' }])
  })

  it('that is broken is restored, or the target is given up', async () => {
    const [wait] = waiting(await pictureSeen(broken, '2026-12-12T21:01:00Z'), formatter)
    expect(wait?.remedy).toMatch(/^No host of the target answers\?/)
    expect(wait?.orders.map(order => typedLine('bascule', order))).toEqual([
      'bascule repair-return-path --reason "…"',
      'bascule rollback --without target --isolated "…" --and-by "…" --reason "…"',
    ])
  })
})
