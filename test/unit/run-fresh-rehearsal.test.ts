import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { beforeEach, describe, expect, it } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import type { History, Run } from '../../src/model/run.ts'
import { emptyRun } from '../../src/run/empty-run.ts'
import { emptyHistory } from '../../src/run/fold.ts'
import { type Excuse, rehearsalVoid } from '../../src/run/fresh-rehearsal.ts'
import { newOrder } from '../../src/run/orders.ts'
import { preflight } from '../../src/run/read-only.ts'
import { newRunId, startRun } from '../../src/run/session.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { catalogues } from '../../src/views/catalogues.ts'
import { createFormatter } from '../../src/views/create-formatter.ts'
import { deviations } from '../../src/views/deviations.ts'
import { runViewOf } from '../../src/views/run-view.ts'
import { statusLines } from '../../src/views/status-lines.ts'
import { readyEstate } from '../helpers/ready-estate.ts'
import { aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('fresh-rehearsal')
const strict = aPlan([aStep('a.move')], {
  readiness: { preflightSeconds: 1800, rehearsal: { maxAgeSeconds: 3600, exceptionBy: 'lead' } },
})
let count = 0
let stateDirectory = ''
beforeEach(() => {
  stateDirectory = join(home, String(++count))
})

const excuseBy = (role: string): Excuse => {
  const order = { do: 'excuse-rehearsal' as const, role, reason: 'the estate is frozen' }
  return { run: newRunId('live'), record: { ...newOrder(order, 'claire', '2026-12-12T20:00:00Z'), order } }
}

/** Prepared, and a preflight made; `excuse` begins the night. */
function evening() {
  const { facts, kinds } = readyEstate()
  const takeAuthority = async () => ({ check: async () => {}, fencingNumber: 1 })
  const session = { kinds, plan: strict, stateDirectory, by: 'marie', takeAuthority }
  return {
    facts,
    session,
    prepare: () => startRun({ ...session, mode: 'preparation' }),
    rehearse: () => startRun({ ...session, mode: 'rehearsal' }),
    async night(excuse?: Excuse) {
      await preflight(session)
      const startAt = Temporal.Now.instant()
      const withoutRehearsal = excuse?.record.order.reason
      return startRun({
        ...{ ...session, mode: 'live', startAt },
        ...(withoutRehearsal !== undefined && { withoutRehearsal }),
        ...(excuse && { excuse }),
      })
    },
  }
}

const refusedFor = (key: string) =>
  expect.objectContaining({ text: expect.objectContaining({ key }), exitCode: 10 })

describe('where the plan wants a fresh rehearsal', () => {
  it('a night begins after one of the same steps', async () => {
    const { prepare, rehearse, night } = evening()
    await prepare()
    await rehearse()
    expect((await night()).ended).toBe('moved')
  })

  it('none begins once the steps are others', async () => {
    const { facts, prepare, rehearse, night } = evening()
    await prepare()
    await rehearse()
    facts.attempts = 3
    await expect(night()).rejects.toThrow(refusedFor('run.readiness.otherRehearsal'))
  })

  it('it begins without one when who may answers for it: in the journal, the report and the status', async () => {
    const { session, prepare, night } = evening()
    await prepare()
    const excuse = excuseBy('lead')
    const { run } = await night(excuse)
    expect(run).toMatchObject({
      id: excuse.run,
      outcome: 'moved',
      orders: { [excuse.record.id]: 'received' },
    })
    const { history, entries } = readRecords(stateDirectory)
    const translate = createTranslator(catalogues)
    const formatter = createFormatter(text => translate(text, 'en'), 'en', 'Europe/Paris')
    const view = runViewOf({
      plan: strict,
      kinds: session.kinds,
      history,
      now: '2026-12-12T21:00:00Z',
      mode: 'live',
    })
    const told = deviations(view, entries, formatter).find(({ what }) => what === 'rehearsalExcused')
    expect(told?.text).toBe(
      'carried out without a fresh rehearsal, which claire (lead) answers for: the estate is frozen',
    )
    const lines = statusLines(view, formatter, { typed: () => '' })
    expect(lines.flat().map(({ text }) => text)).toContain(
      'Without a fresh rehearsal, which claire (lead) answers for: the estate is frozen',
    )
  })

  it('nobody else may, and the journal has the refusal', async () => {
    const { prepare, night } = evening()
    await prepare()
    await expect(night(excuseBy('dba'))).rejects.toThrow(refusedFor('run.order.notYourException'))
    const { history, entries } = readRecords(stateDirectory)
    expect(history.runs.map(({ mode }) => mode)).toEqual(['preparation'])
    expect(entries.some(({ event }) => event.type === 'order.refused')).toBe(true)
  })
})

describe('the age of a rehearsal', () => {
  const runbook = aRunbook([aStep('a.move')], [], 'rehearsal')
  const run: Run = {
    ...emptyRun(strict, runbook),
    runbookHash: runbook.hash,
    outcome: 'rehearsed',
    finishedAt: '2026-12-12T20:00:00Z',
  }
  const history: History = { ...emptyHistory, runs: [run], runbooks: { [runbook.hash]: runbook } }

  it('counts to the second', () => {
    expect(rehearsalVoid(history, strict, runbook, '2026-12-12T21:00:00Z')).toBeUndefined()
    expect(rehearsalVoid(history, strict, runbook, '2026-12-12T21:00:01Z')?.key).toBe(
      'run.readiness.oldRehearsal',
    )
  })

  it('is asked for only where the plan limits it', () => {
    expect(rehearsalVoid(emptyHistory, strict, runbook, '2026-12-12T21:00:00Z')?.key).toBe('run.notRehearsed')
    expect(rehearsalVoid(emptyHistory, aPlan([]), runbook, '2026-12-12T21:00:00Z')).toBeUndefined()
  })
})
