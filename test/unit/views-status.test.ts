import { beforeAll, describe, expect, it } from 'vitest'
import { typedLine } from '../../src/cli/typed-line.ts'
import { eventLine } from '../../src/views/event-line.ts'
import { statusJson } from '../../src/views/json.ts'
import { renderLine, renderLines } from '../../src/views/lines.ts'
import { liveLines } from '../../src/views/live.ts'
import type { RunView } from '../../src/views/run-view.ts'
import { status } from '../../src/views/status.ts'
import { statusLines } from '../../src/views/status-lines.ts'
import { advanceProgress, startProgress } from '../../src/views/step-progress.ts'
import type { Proposal } from '../../src/views/waiting.ts'
import type { Night } from '../doubles/night.ts'
import { aViewedNight, type NightOptions, pictureOf } from '../helpers/night-run-views.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const formatter = strictFormatter()

async function nightOf(options: NightOptions = {}): Promise<{ night: Night; runView: RunView }> {
  const night = aViewedNight(options)
  await night.carryOut(false)
  return { night, runView: pictureOf(night) }
}

const typed = (proposal: Proposal): string => typedLine('bascule', proposal)

const shown = (runView: RunView, all = false): string =>
  renderLines(statusLines(runView, formatter, { all, typed })).join('\n')

describe('status', () => {
  it('of a run that waits at GO: who must sign, and the command each of them types', async () => {
    const { runView } = await nightOf({ people: [] })
    const view = status(runView, formatter)
    expect(view.state).toBe('waiting')
    expect(view.waiting).toMatchObject([{ what: 'sign-off', id: 'go', roles: ['lead', 'dba'] }])
    expect(view.run).toBe('run')
    expect(view.waiting[0]?.orders).toEqual([
      { do: 'go', gate: 'go', role: 'lead' },
      { do: 'go', gate: 'go', role: 'dba' },
    ])
    expect(shown(runView)).toMatch(/bascule go --gate go --as lead\n +bascule go --gate go --as dba/)
    expect(shown(runView)).toContain('lead (Claire Martin)')
  })

  it('counts what is left of the window and up to the last safe moment', async () => {
    const { runView } = await nightOf({ people: [] })
    const view = status(runView, formatter)
    expect(view.window.leftSeconds).toBe(7200)
    expect(view.lastSafe?.at).toBe(runView.forecast.lastSafe)
    expect(shown(runView)).toMatch(/Window 21:00:00 → 23:00:00, 2:00:00 left/)
    expect(shown(runView)).toMatch(/Rollback deadline 22:50:00, in 1:50:00/)
  })

  it('of a run that has moved: nothing waits, no last safe moment, every stage done', async () => {
    const { runView } = await nightOf()
    const view = status(runView, formatter)
    expect(view).toMatchObject({ state: 'moved', waiting: [] })
    expect(view.lastSafe).toBeUndefined()
    expect(view.steps.every(step => step.state === 'done')).toBe(true)
    expect(shown(runView, true)).not.toContain('○')
  })

  it('of a run whose line is lost: since when and why, and that deadlines go on', async () => {
    const { night } = await nightOf({ outages: [{ from: 3, to: 60 }] })
    const lost = night.journal.kept.findIndex(({ event }) => event.type === 'line.lost')
    night.journal.kept.splice(lost + 1)
    const runView = pictureOf(night)
    const view = status(runView, formatter)
    expect(view).toMatchObject({ state: 'line-lost', linesLost: [{ component: 'line' }] })
    expect(view.lastSafe).toBeDefined()
    expect(shown(runView)).toMatch(/line: lost since 21:00:06\. .+ every deadline keeps running/)
  })

  it('of a night undone by a failed check: trigger, figures, and what was undone', async () => {
    const { runView } = await nightOf({ values: { T10: 3 } })
    const view = status(runView, formatter)
    expect(view).toMatchObject({ state: 'rolled-back', rollback: { trigger: 'failure' } })
    expect(view.steps.find(step => step.id === 'auth.start')?.state).toBe('undone')
    expect(view.steps.find(step => step.id === 'names.switch')?.state).toBe('not-executed')
    const reopen = view.gates.find(gate => gate.id === 'reopen')
    expect(reopen).toMatchObject({
      state: 'blocked',
      signoffs: [{ state: 'not-given' }, { state: 'not-given' }],
    })
    expect(shown(runView)).toContain('3 s (threshold = 0)')
  })

  it('of a run that no program carries out: how to go on', async () => {
    const { runView } = await nightOf({ people: [] })
    expect(shown({ ...runView, executing: false })).toMatch(/^ +bascule resume$/m)
  })

  it('repeats how the migration was named in every command', async () => {
    const { runView } = await nightOf({ people: [] })
    const named = (proposal: Proposal): string => typedLine('bascule --plan p.yaml', proposal)
    const { waiting } = statusJson(status(runView, formatter), formatter, named)
    expect(waiting.flatMap(wait => wait.commands)).toEqual([
      'bascule --plan p.yaml go --gate go --as lead',
      'bascule --plan p.yaml go --gate go --as dba',
    ])
  })

  it('tells every state by symbol and by word, in both languages', async () => {
    for (const language of ['fr', 'en'] as const) {
      const { runView } = await nightOf({ values: { T10: 3 } })
      const lines = renderLines(statusLines(runView, strictFormatter(language), { all: true, typed }))
      const word = { fr: 'annulée', en: 'undone' }[language]
      expect(lines.some(line => line.includes('↩') && line.includes(word))).toBe(true)
    }
  })
})

describe('a running step', () => {
  let runView: RunView
  beforeAll(async () => {
    const { runView: moved } = await nightOf({ people: [] })
    const started = '2026-12-12T21:00:06Z'
    const running = {
      status: 'running' as const,
      attempt: 2,
      failures: 1,
      mayHaveChanged: true,
      startedAt: started,
    }
    const stepProgress = advanceProgress(startProgress(started), { bytesDone: 0, bytesTotal: 4_000 }, started)
    runView = {
      ...moved,
      now: '2026-12-12T21:00:56Z',
      run: { ...(moved.run as NonNullable<RunView['run']>), steps: { 'files.delta': running } },
      progress: {
        'files.delta': advanceProgress(
          stepProgress,
          { bytesDone: 1_000, bytesTotal: 4_000 },
          '2026-12-12T21:00:16Z',
        ),
      },
    }
  })

  it('shows planned and actual, bytes, rate, end, age and attempt', () => {
    const line =
      shown(runView)
        .split('\n')
        .find(text => text.includes('files.delta')) ?? ''
    const stepProgress =
      shown(runView)
        .split('\n')
        .find(text => text.includes(' / ')) ?? ''
    expect(line).toMatch(/▶ running/)
    expect(line).toMatch(/0:30\s+0:50/)
    expect(stepProgress).toContain('1000 B / 4000 B · 25 % · 0 Mbit/s · until 21:00:46 · updated 40 s ago')
    expect(line).toContain('attempt 2')
  })

  it('is never left out of the table in place, however small the terminal', () => {
    for (const rows of [8, 12, 16, 24, 60]) {
      const lines = renderLines(liveLines(runView, formatter, typed, rows), undefined, 80)
      expect(
        lines.some(line => line.includes('files.delta')),
        `${rows} rows`,
      ).toBe(true)
      expect(lines.every(line => [...line].length <= 80)).toBe(true)
    }
  })
})

describe('journal lines', () => {
  it('tell a whole night, one line an entry, in both languages', async () => {
    const { night, runView } = await nightOf({ values: { T10: 3 } })
    for (const language of ['fr', 'en'] as const) {
      const told = night.journal.entries().map(entry => eventLine(entry, runView, strictFormatter(language)))
      const lines = told.filter(line => line !== undefined).map(line => renderLine(line))
      expect(lines.length).toBeGreaterThan(30)
      expect(lines.every(line => /^\d\d:\d\d:\d\d \S /.test(line))).toBe(true)
    }
  })

  it.each([
    ['broken', 'RETURN PATH BROKEN', 'CANAL DE RETOUR ROMPU'],
    ['behind', 'RETURN PATH TOO FAR BEHIND', 'CANAL DE RETOUR TROP EN RETARD'],
  ] as const)('tell of a return path that is %s which of the two it is', async (state, ...words) => {
    const { night, runView } = await nightOf()
    const [entry] = night.journal.entries()
    if (entry === undefined) throw new Error('an empty journal')
    const why = { key: 'run.why.rehearsal' } as const
    const seen = { state, bytesBehind: 1, secondsBehind: 1, atStake: why, why } as const
    const event = { type: 'return-path.seen', component: 'database', seen } as const
    const lines = (['en', 'fr'] as const).map(language =>
      renderLine(eventLine({ ...entry, event }, runView, strictFormatter(language)) ?? []),
    )
    for (const [index, word] of words.entries()) expect(lines[index]).toContain(word)
  })
})
