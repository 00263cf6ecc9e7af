import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CommandContext } from '../../src/cli/command-context.ts'
import { readGlobalOptions } from '../../src/cli/global-options.ts'
import { LiveView } from '../../src/cli/live-view.ts'
import type { Migration } from '../../src/cli/migration.ts'
import { exitCodeOf } from '../../src/cli/supervise-run.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Entry } from '../../src/model/event.ts'
import { fold } from '../../src/run/fold.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { CommandLine } from '../helpers/command-line.ts'
import { Screen } from '../helpers/screen.ts'
import { moved, stateWith } from '../helpers/state-directory.ts'

const line = new CommandLine()
const stateDirectory = join(line.home, 'state')
let entries: readonly Entry[] = []
let migration: Migration
let view: LiveView | undefined
afterEach(() => view?.close())

beforeAll(async () => {
  const { plan } = await stateWith(stateDirectory, moved)
  const kinds = await loadKinds()
  entries = readRecords(stateDirectory).entries
  const desk = deskOn([], false)
  migration = { plan, kinds, stateDirectory, formatter: desk.formatter(plan) }
})

function deskOn(written: string[], isTTY: boolean): CommandContext {
  const stderr = { write: (text: string) => written.push(text), isTTY, columns: 60, rows: 20 }
  const environment = { HOME: line.home, TERM: 'xterm' }
  return new CommandContext(
    readGlobalOptions({}, environment),
    'en',
    'bascule',
    { stdout: stderr, stderr },
    environment,
  )
}

/** The whole run, entry by entry, under a view. */
function watch(isTTY: boolean, change: Partial<Migration> = {}): string[] {
  const written: string[] = []
  const desk = deskOn(written, isTTY)
  const before = entries.filter(({ run }) => run === 'audit')
  view = new LiveView(desk, { ...migration, ...change }, 'live', { entries: before, history: fold(before) })
  for (const entry of entries.filter(({ run }) => run !== 'audit')) {
    view.onEntry(entry)
    if (entry.event.type === 'step.started')
      view.onProgress(entry.event.step, { bytesDone: 10, bytesTotal: 100 })
  }
  view.close()
  return written
}

describe('the live view', () => {
  it('on a terminal redraws in place, within its rows and columns', () => {
    const written = watch(true)
    expect(written.length).toBeGreaterThan(60)
    const screen = new Screen()
    for (const text of written) {
      screen.write(text)
      expect(screen.lines.length).toBeLessThanOrEqual(20)
      expect(screen.lines.every(shown => [...shown].length <= 60)).toBe(true)
      // the plan's title heads the table, once
      expect(screen.lines.filter(shown => shown.includes(migration.plan.title.slice(0, 20))).length).toBe(1)
    }
    expect(screen.lines.join('\n')).toContain('migrated')
  })

  it('elsewhere writes one line an entry, without any control character', () => {
    const lines = watch(false)
    expect(lines.length).toBeGreaterThan(60)
    expect(lines.every(text => /^\d\d:\d\d:\d\d \S .+\n$/.test(text))).toBe(true)
    expect(lines.join('')).toBe(stripVTControlCharacters(lines.join('')))
  })

  it('that fails is told once, and never throws into the run', () => {
    const clock = (): string => {
      throw new Error('no such zone')
    }
    const lines = watch(false, { formatter: { ...migration.formatter, clock } })
    expect(lines).toEqual([expect.stringContaining('The live display failed')])
  })
})

describe('how a run ended', () => {
  it('is the exit code', () => {
    const ends = [
      'prepared',
      'rehearsed',
      'moved',
      'rolled-back',
      'rollback-failed',
      'rolled-back-by-hand',
      'held',
      'waiting',
      'failed',
      'stopped',
    ]
    const codes = ends.map(ended => exitCodeOf(ended as Parameters<typeof exitCodeOf>[0]))
    expect(codes).toEqual([0, 0, 0, 20, 21, 22, 11, 11, 1, 1])
  })
})
