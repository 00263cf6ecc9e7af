import { expect, it } from 'vitest'
import { kind } from '../../src/kinds/postgres/index.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { ReadIo } from '../../src/model/io.ts'
import type { Component } from '../../src/model/plan.ts'
import { openPlan } from '../../src/plan/load.ts'

const plan = await openPlan(
  [new URL('../../examples/techcorp/plan.yaml', import.meta.url).pathname],
  await loadKinds(),
)

/** Both servers on paper: the source has written up to 0/200, the target answers one position after the other. */
async function lagWith(replayed: (elapsedSeconds: number) => string | null) {
  let elapsedSeconds = 0
  const io = {
    signal: new AbortController().signal,
    now: () => new Date(elapsedSeconds * 1000).toISOString(),
    sleep: async (seconds: number) => {
      elapsedSeconds += seconds
    },
    query: async (_connection: unknown, text: string) => [
      { position: text.includes('replay') ? replayed(elapsedSeconds) : '0/200' },
    ],
  } as unknown as ReadIo
  const lag = await kind.measures.lagSeconds?.measure(
    plan.components.database as Component,
    { plan, facts: {} } as never,
    io,
  )
  return { lag, waitedSeconds: Math.round(elapsedSeconds) }
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
