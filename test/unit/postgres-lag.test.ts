import { expect, it } from 'vitest'
import { kind } from '../../src/kinds/postgres/index.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Component } from '../../src/model/plan.ts'
import { openPlan } from '../../src/plan/load.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onSql } from '../doubles/recording-answers.ts'

const plan = await openPlan(
  [new URL('../../examples/techcorp/plan.yaml', import.meta.url).pathname],
  await loadKinds(),
)

/** Both servers on paper: the source has written up to 0/200, the target answers one position after the other. */
async function lagWith(replayed: (elapsedSeconds: number) => string | null) {
  const elapsed = () => Date.parse(io.now()) / 1000
  const position = onSql('', ({ text }) => [
    { position: text.includes('replay') ? replayed(elapsed()) : '0/200' },
  ])
  const io = recordingIo({ now: '1970-01-01T00:00:00Z', answers: [position] })
  const lag = await kind.measures.lagSeconds?.measure(
    plan.components.database as Component,
    { plan, facts: {} } as never,
    io,
  )
  return { lag, waitedSeconds: Math.round(elapsed()) }
}

it('a target that follows nobody is not waited for, and what it says proves nothing', async () => {
  const { lag, waitedSeconds } = await lagWith(() => null)
  expect(lag).toMatchObject({ unverified: true, figures: { reached: false, replayed: '' } })
  expect(waitedSeconds).toBe(10)
})

it('a standby that is just starting is waited for', async () => {
  const { lag, waitedSeconds } = await lagWith(at => (at < 4 ? null : at < 30 ? '0/100' : '0/200'))
  expect(lag?.unverified).toBeUndefined()
  expect(lag?.figures).toMatchObject({ reached: true })
  expect(waitedSeconds).toBe(30)
})

it('one that is too far behind is given up after two minutes', async () => {
  const { lag, waitedSeconds } = await lagWith(() => '0/100')
  expect(lag).toMatchObject({ unverified: true, figures: { reached: false } })
  expect(waitedSeconds).toBe(120)
})
