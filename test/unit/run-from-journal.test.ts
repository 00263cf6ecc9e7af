import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { beforeEach, describe, expect, it } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import type { FinalSteps } from '../../src/model/event.ts'
import type { Action, Kind } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { PlannedStep } from '../../src/model/step.ts'
import { newOrder, sendOrder } from '../../src/run/orders.ts'
import { resumeRun, startRun } from '../../src/run/session.ts'
import { readRecords, sealOf } from '../../src/run/stored-runs.ts'
import { catalogues } from '../../src/views/catalogues.ts'
import { createFormatter } from '../../src/views/create-formatter.ts'
import { reportJson, statusJson } from '../../src/views/json.ts'
import { report } from '../../src/views/report.ts'
import { runViewOf } from '../../src/views/run-view.ts'
import { status } from '../../src/views/status.ts'
import { aPlan, aStep } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('from-journal')

const stages = { seed: 'seed', move: 'drain', settle: 'close' } as const
const written: string[] = []
/** Sites without a host: what is done there is a word in a list. */
const says = (name: string): Action => ({
  isDone: async () => written.includes(name),
  apply: async () => {
    written.push(name)
    return { by: name }
  },
  undo: async () => void written.splice(written.indexOf(name), 1),
})

/** A kind of a program whose steps are estimated at so many seconds. */
const kindOf = (expectedSeconds: number, names: (keyof typeof stages)[] = ['seed', 'move', 'settle']) => {
  const planned = (name: keyof typeof stages): PlannedStep => {
    const { component: _, kind: __, owner: ___, id: ____, ...step } = aStep(`a.${name}`)
    return { ...step, name, action: name, stage: stages[name], expectedSeconds }
  }
  const kind = {
    kind: 'double',
    audit: async () => ({}),
    findings: () => [],
    plan: () => names.map(planned),
    actions: Object.fromEntries(names.map(name => [name, says(name)])),
    measures: {},
  }
  return { double: kind as Partial<Kind> as Kind }
}

const plan = aPlan([aStep('a.move')])
const asYouLike = { takeAuthority: async () => ({ check: async () => {}, fencingNumber: 1 }), by: 'marie' }
let count = 0
let stateDirectory = ''

beforeEach(async () => {
  written.length = 0
  stateDirectory = join(home, String(++count))
  const session = { ...asYouLike, stateDirectory, kinds: kindOf(2), plan }
  await startRun({ ...session, mode: 'preparation' })
  const startAt = Temporal.Now.instant()
  const night = await startRun({ ...session, mode: 'live', startAt, withoutRehearsal: 'a test' })
  expect(night.ended).toBe('moved')
})

/** The order to close, as `bascule close` gives it. */
const closing = (final?: FinalSteps) => {
  const order = { do: 'close' as const, ...(final && { final }) }
  return { mode: 'close' as const, order: { ...newOrder(order, 'marie', ''), order } }
}

const goBack = (kinds: Record<string, Kind>) => {
  const [run] = readRecords(stateDirectory).history.runs.slice(-1)
  sendOrder(stateDirectory, run?.id ?? '', { do: 'roll-back', reason: 'exams' }, 'marie', '')
  return resumeRun({ ...asYouLike, stateDirectory, kinds, evenEnded: true, waitForPeople: false })
}

/** Status and report as two languages show them, at one instant, by the plan file and the program of that day. */
function shown(today: Plan, kinds: Record<string, Kind>) {
  const { entries, history } = readRecords(stateDirectory)
  const now = '2026-12-13T08:00:00Z'
  const runView = runViewOf({ history, mode: 'live', plan: today, kinds, now, executing: false })
  return (['en', 'fr'] as const).map(language => {
    const say = createTranslator(catalogues)
    const formatter = createFormatter(text => say(text, language), language, runView.plan.zone)
    const journal = sealOf(stateDirectory, entries)
    return JSON.stringify([
      statusJson(status(runView, formatter), formatter, order => order.do),
      reportJson(report({ runView, entries, journal }, formatter), formatter),
    ])
  })
}

const edited = { ...plan, title: 'Another title' }
const otherSpec = { ...edited, rollback: { ...plan.rollback, marginSeconds: 600 } }

describe.each([
  ['the title of the plan', edited, kindOf(2)],
  ['the estimate of a step, in a newer program', plan, kindOf(3600)],
  ['both, and a policy', otherSpec, kindOf(7)],
])('after %s was edited', (_what, today, kinds) => {
  it('status and report are as they were', () => {
    const before = shown(plan, kindOf(2))
    expect(before[0]).toContain('"moved"')
    expect(shown(today, kinds)).toEqual(before)
  })

  it('a finished night is rolled back', async () => {
    expect(written).toEqual(['seed', 'move'])
    expect((await goBack(kinds)).ended).toBe('rolled-back')
    expect(written).toEqual(['seed'])
  })
})

it('plan and runbook are written once per content', async () => {
  const session = { ...asYouLike, stateDirectory, kinds: kindOf(2) }
  await startRun({ ...session, ...closing() })
  await goBack(kindOf(2))
  const types = readRecords(stateDirectory).entries.map(({ event }) => event.type)
  const times = (type: string) => types.filter(one => one === type).length
  // of preparation, night and closing, though the plan is one
  expect([times('plan.recorded'), times('runbook.recorded')]).toEqual([1, 3])
})

it('a closing goes by the plan of the night, not by that of another', async () => {
  const { run } = await startRun({ ...asYouLike, stateDirectory, kinds: kindOf(9), ...closing() })
  const { history } = readRecords(stateDirectory)
  expect(run).toMatchObject({ mode: 'close', outcome: 'closed', planHash: history.runs[1]?.planHash })
})

it('a step whose action this program does not know stops there, and names the version that has it', async () => {
  const { ended, run } = await goBack(kindOf(2, ['seed']))
  expect(ended).toBe('rollback-failed')
  expect(run.steps['a.move']?.undo).toMatchObject({
    status: 'failed',
    failure: {
      text: { key: 'run.noAction', values: { kind: 'double', action: 'move' } },
      remedy: { key: 'run.noAction.remedy', values: { version: run.programVersion, step: 'a.move' } },
    },
  })
  expect(written).toEqual(['seed', 'move'])
  expect((await goBack(kindOf(2))).ended).toBe('rolled-back')
})
