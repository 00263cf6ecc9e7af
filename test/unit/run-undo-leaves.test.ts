import { expect, it } from 'vitest'
import type { Text } from '../../src/model/text.ts'
import { Night } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

it('what an undo leaves, because it is somebody else’s, is in the journal, and the rollback goes on to its end', async () => {
  const clock = new VirtualClock()
  const runbook = aRunbook([aStep('auth.stop'), aStep('names.switch', ['auth.stop'])])
  const world = new RecordingWorld(clock, { 'names.switch': { failures: 9 } })
  const left: Text = { key: 'test.left', values: { record: 'mail' } }
  world.left = { 'names.switch': [left] }
  const night = new Night(aPlan(runbook.steps), runbook, clock, world)
  expect(await night.carryOut()).toBe('rolled-back')
  const events = night.journal.entries().map(({ event }) => event)
  const undone = events.findIndex(event => event.type === 'undo.done' && event.step === 'names.switch')
  expect(events[undone - 1]).toEqual({ type: 'note', text: left, data: { step: 'names.switch' } })
  expect(world.effects.size).toBe(0)
})
