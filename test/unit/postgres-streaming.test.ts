import { expect, it } from 'vitest'
import { kind } from '../../src/kinds/postgres/index.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Component } from '../../src/model/plan.ts'
import { openPlan } from '../../src/plan/load.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onSql } from '../doubles/recording-answers.ts'
import { examplePlan } from '../helpers/state-directory.ts'

const plan = await openPlan([examplePlan], await loadKinds())

/** The source on paper: what it says of the receiver that is connected to the slot. */
async function streamingWith(rows: { yes: number }[]) {
  const io = recordingIo({ answers: [onSql(/pg_stat_replication/, () => rows)] })
  const measure = kind.measures.standbysNotStreaming
  return measure?.measure(plan.components.database as Component, { plan, facts: {} } as never, io)
}

it('a standby that streams is none that does not', async () => {
  expect(await streamingWith([{ yes: 1 }])).toEqual({ value: 0, figures: { slot: 'bascule' } })
})

it('one that is gone is counted, also when nothing was written since', async () => {
  expect(await streamingWith([])).toEqual({ value: 1, figures: { slot: 'bascule' } })
})
