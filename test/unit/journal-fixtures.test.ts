import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { typedLine } from '../../src/cli/typed-line.ts'
import { createTranslator, type Translate } from '../../src/i18n/translator.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { verifyJournal } from '../../src/journal/read.ts'
import { journalFormat } from '../../src/journal/store.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { Run } from '../../src/model/run.ts'
import type { Runbook } from '../../src/model/step.ts'
import type { Text } from '../../src/model/text.ts'
import { programVersion } from '../../src/model/version.ts'
import { execute } from '../../src/run/execute.ts'
import { fold } from '../../src/run/fold.ts'
import { planOf, runbookOf } from '../../src/run/recorded.ts'
import { journalFile, readRecords } from '../../src/run/stored-runs.ts'
import { catalogues } from '../../src/views/catalogues.ts'
import { createFormatter } from '../../src/views/create-formatter.ts'
import { eventLine } from '../../src/views/event-line.ts'
import { renderLines } from '../../src/views/lines.ts'
import { runViewOfRun } from '../../src/views/run-view.ts'
import { statusLines } from '../../src/views/status-lines.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { englishWords } from '../helpers/english-words.ts'

// A release that renames a kind, an action, a measure or the key of a sentence fails here: a journal that somebody has
// holds the old name. See test/fixtures/README.md.
const folder = join(import.meta.dirname, '../fixtures')
const formats = readdirSync(folder).filter(name => /^journal-\d+$/.test(name))
const fixtures = formats.flatMap(format => readdirSync(join(folder, format)).map(name => `${format}/${name}`))

/** What French keeps on one line, with a space that breaks; what is typed is left out. Quotation marks are in the plan’s own titles. */
const torn = /\S+ [:;?!%](?=[\s|).,*]|$)|\d (?:ms|s|min|h|j|o|ko|Mo|Go|To|Mbit\/s)(?![\p{L}\d/])/gmu
const tornIn = (text: string): string[] => text.replaceAll(/`[^`]*`/g, '').match(torn) ?? []

const line = new CommandLine()
let kinds: Record<string, Kind>
let say: Translate
beforeAll(async () => {
  kinds = await loadKinds()
  say = createTranslator([...catalogues, ...Object.values(kinds).map(kind => kind.messages)])
  // SQLite leaves files beside what it reads
  cpSync(folder, line.home, { recursive: true })
})

it('there are fixtures of every format up to the one that is written', () => {
  const wanted = Array.from({ length: journalFormat - 1 }, (_, index) => `journal-${index + 2}`)
  expect(formats.toSorted()).toEqual(wanted)
  for (const format of formats) expect(readdirSync(join(folder, format)).length).toBeGreaterThanOrEqual(3)
})

const states: Record<string, [state: string, outcome?: string]> = {
  'whole-night': ['moved', 'moved'],
  'half-night': ['running'],
  'rollback-in-the-middle': ['rolling-back'],
}

describe.each(fixtures)('the journal %s', fixture => {
  const [, name = ''] = fixture.split('/')
  const stateDirectory = join(line.home, fixture)
  const history = () => readRecords(stateDirectory).history
  const night = (): Run => history().runs.at(-1) as Run

  it('is read: its chain is whole, its plan, runbook and run are there', () => {
    expect(verifyJournal(journalFile(stateDirectory))).toMatchObject({ ok: true })
    expect(planOf(history(), night())).toMatchObject({ name: 'techcorp', zone: 'Europe/Paris' })
    expect(runbookOf(history(), night()).steps.length).toBeGreaterThan(20)
    expect(night().outcome).toBe(states[name]?.[1])
  })

  it.each(['en', 'fr'] as const)('is shown and reported in %s, without any plan file', async language => {
    const typed = ['--state', stateDirectory, '--plan', '/nowhere.yaml', '--lang', language]
    const status = await line.type('status', '--all', ...typed)
    const report = await line.type('report', ...typed)
    expect([status.exitCode, status.stderr, report.exitCode, report.stderr]).toEqual([0, '', 0, ''])
    expect(report.stdout).toMatch(/^# TechCorp Formation/)
    for (const { title } of runbookOf(history(), night()).steps)
      expect(report.stdout).toContain(say(title, language))
    const document = documentOf(await line.type('report', '--json', ...typed))
    expect(document).toMatchObject({ outcome: states[name]?.[0], journal: { verified: true } })
    expect(document.steps).toHaveLength(runbookOf(history(), night()).steps.length)
  })

  it('is shown and reported in French without an English word, a name of the program, or a torn figure', async () => {
    const typed = ['--state', stateDirectory, '--plan', '/nowhere.yaml', '--lang', 'fr']
    for (const argv of [['report'], ['status'], ['status', '--all']]) {
      const { stdout } = await line.type(...argv, ...typed)
      const said = stdout.replaceAll(/bascule --.+$/gm, '')
      expect(englishWords(said, namesOf(night()))).toEqual([])
      expect(tornIn(said)).toEqual([])
    }
  })

  it('is told in French, as it went and as it stood on its way, without an English word', () => {
    const { entries } = readRecords(stateDirectory)
    const plan = planOf(history(), night())
    const formatter = createFormatter(text => say(text, 'fr'), 'fr', plan.zone)
    const runbook = runbookOf(history(), night())
    const began = entries.findIndex(({ event }) => event.type === 'run.started')
    const viewAt = (index: number) => {
      const run = fold(entries.slice(0, index + 1)).runs.at(-1)
      return runViewOfRun({ plan, now: entries[index]?.at ?? '', executing: true }, runbook, run)
    }
    const last = viewAt(entries.length - 1)
    const went = entries.slice(began).map(entry => eventLine(entry, last, formatter) ?? [])
    const stood = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1].flatMap(part => {
      const runView = viewAt(began + Math.floor(part * (entries.length - began - 1)))
      return statusLines(runView, formatter, { typed: order => `\`${typedLine('bascule', order)}\`` })
    })
    expect(went.length).toBeGreaterThan(50)
    const found = new Set(
      renderLines([...went, ...stood]).flatMap(one => englishWords(one, namesOf(night()))),
    )
    expect([...found]).toEqual([])
  })

  it('says nothing that has no sentence any more, or not all of its values, in either language', () => {
    const events = readRecords(stateDirectory).entries.map(({ event }) => event)
    const texts = [...textsIn(events), ...labelsOf(runbookOf(history(), night()))]
    expect(texts.length).toBeGreaterThan(50)
    const isWhole = (text: Text, said: string) => !said.startsWith(text.key) && !said.includes('{{')
    const lost = (['en', 'fr'] as const).flatMap(language =>
      texts.filter(text => !isWhole(text, say(text, language))).map(({ key }) => `${language} ${key}`),
    )
    expect([...new Set(lost)]).toEqual([])
  })

  it('names only kinds, actions and measures that this program has', () => {
    const { steps, gates } = runbookOf(history(), night())
    const lost = steps.filter(({ kind, action, undo }) => {
      const known = kinds[kind]?.actions[action]
      return known === undefined || (undo.possible && known.undo === undefined)
    })
    expect(lost.map(({ kind, action }) => `${kind}.${action}`)).toEqual([])
    const unknown = gates.flatMap(gate => gate.checks).filter(one => !kinds[one.kind]?.measures[one.measure])
    expect(unknown.map(({ kind, measure }) => `${kind}.${measure}`)).toEqual([])
  })

  it('has of every component what its kind still takes as its part of a plan', () => {
    const { components } = planOf(history(), night())
    for (const { id, kind, spec } of Object.values(components)) {
      const known = kinds[kind]?.spec as z.ZodObject | undefined
      expect([id, known?.safeParse(spec).success]).toEqual([id, true])
    }
  })

  it('is rolled back by this program: everything done is undone, in a journal that stays whole', async () => {
    const copy = join(line.home, `${name}-undone`)
    cpSync(stateDirectory, copy, { recursive: true })
    const { ended, world, run } = await rollBack(copy)
    expect(ended).toBe('rolled-back')
    const kept = runbookOf(history(), run).steps.filter(step => !step.undo.possible)
    expect([...world.effects].filter(step => kept.every(({ id }) => id !== step))).toEqual([])
    expect(verifyJournal(journalFile(copy))).toMatchObject({ ok: true })
  })

  /** Ids and roles, which people type. */
  function namesOf(run: Run): string[] {
    const { components, gates, checks, people } = planOf(history(), run)
    const own = [components, gates, checks].flatMap(named => Object.keys(named))
    // of checks that every plan has, whatever it says: `<component>.<measure>`
    const always = runbookOf(history(), run).gates.flatMap(gate =>
      gate.checks.flatMap(({ id }) => id.split('.')),
    )
    return [...own, ...always, ...people.map(({ role }) => role)]
  }
})

/** What `resume` does, with doubles of clock, hosts and people. */
async function rollBack(stateDirectory: string) {
  const { entries } = readRecords(stateDirectory)
  const last = Temporal.Instant.from(entries.at(-1)?.at ?? '')
  const clock = new VirtualClock(last.add({ minutes: 1 }).toString())
  const journal = openJournal(journalFile(stateDirectory), {
    redact: value => value,
    now: () => clock.now().toString(),
  })
  const lastRun = (): Run => fold(journal.entries()).runs.at(-1) as Run
  const { id, steps } = lastRun()
  const world = new RecordingWorld(clock)
  for (const [step, { mayHaveChanged, undo }] of Object.entries(steps))
    if (mayHaveChanged && undo?.status !== 'done') world.effects.add(step)
  expect(world.effects.size).toBeGreaterThan(0)
  const resumed = { type: 'run.resumed', fencingNumber: 2, by: 'marie' } as const
  journal.append(id, { ...resumed, programVersion: programVersion() })
  const order = { do: 'roll-back', reason: 'exams refused' } as const
  const ended = await execute({
    plan: planOf(fold(journal.entries()), lastRun()),
    runbook: runbookOf(fold(journal.entries()), lastRun()),
    run: id,
    ports: {
      journal,
      dispatch: world.dispatch(),
      clock,
      orders: { take: () => [{ id: 'order', at: '', by: 'marie', order }], pollMilliseconds: 1000 },
      authority: { check: async () => {} },
    },
  })
  const run = lastRun()
  journal.close()
  return { ended, world, run }
}

const labelsOf = ({ figures = {} }: Runbook): Text[] =>
  Object.values(figures)
    .flatMap(forms => Object.values(forms))
    .flatMap(({ label, words = {} }) => [label, ...Object.values(words)].map(key => ({ key })))

/** Every sentence in a value, however deep; the key of a TSIG signature has no dot. */
function textsIn(value: unknown): Text[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(textsIn)
  return 'key' in value && typeof value.key === 'string' && value.key.includes('.')
    ? [value as Text, ...inner]
    : inner
}
