import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { accept } from '../../src/kinds/postgres/actions/accept.ts'
import { pause } from '../../src/kinds/postgres/actions/pause.ts'
import { promote } from '../../src/kinds/postgres/actions/promote.ts'
import { postgres } from '../../src/kinds/postgres/define.ts'
import { kind } from '../../src/kinds/postgres/index.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Component } from '../../src/model/plan.ts'
import type { RunMode, TouchedSide } from '../../src/model/step.ts'
import { openPlan } from '../../src/plan/load.ts'
import { dispatchThrough } from '../../src/run/dispatch.ts'
import type { Transport } from '../../src/transport/transport.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand, onSql, onWriteFile } from '../doubles/recording-answers.ts'

const plan = await openPlan(
  [new URL('../../examples/techcorp/plan.yaml', import.meta.url).pathname],
  await loadKinds(),
)
const component = plan.components.database as Component
const sshOf = (side: TouchedSide) => {
  if (side !== 'source' && side !== 'target') throw new Error('a database is at the source and the target')
  const { host } = postgres.specOf(component)[side]
  return plan.sites[side].hosts[host]?.ssh
}
const stepsOf = (mode: RunMode) => kind.plan(component, {}, { plan, mode, facts: {} })
const all = (['preparation', 'rehearsal', 'live'] as const).flatMap(mode =>
  stepsOf(mode).map(step => [mode, step.name, step] as const),
)

const overtaken = new Error('tried after a newer run has taken over')
/** A newer run has left its token at one side; each statement and whatever changes something is refused. */
function overtakenAt(side: TouchedSide) {
  const tokens = onCommand(/^/, ({ does, where, argv }) => {
    const isNewer = where === sshOf(side) && argv.at(-1)?.endsWith('zz-bascule-fencing.conf')
    return does === 'read' ? `bascule.fencing_number = '${isNewer ? 8 : 7}'\n` : overtaken
  })
  const io = recordingIo({ answers: [tokens, onSql('', overtaken), onWriteFile('', overtaken)] })
  const dispatch = dispatchThrough({ postgres: kind }, { ioFor: () => io } as unknown as Transport, [])
  return {
    dispatch,
    tried: () => io.calls.filter(({ does, method }) => does === 'change' || method === 'query'),
  }
}
const contextOf = (mode: RunMode, step: (typeof all)[number][2]): StepContext => ({
  step: { ...step, id: `database.${step.name}`, component: 'database', kind: 'postgres', owner: 'dba' },
  component,
  plan,
  facts: {},
  mode,
  fencingNumber: 7,
  results: {},
})
const work = { key: 'test', signal: new AbortController().signal, onProgress: () => {} }

describe('a run that was overtaken', () => {
  test.each(all)('%s: %s changes nothing at a side it touches', async (mode, _, step) => {
    for (const side of step.touches ?? []) {
      const { dispatch, tried } = overtakenAt(side)
      await expect(dispatch.apply(contextOf(mode, step), work)).rejects.toThrow('postgres.stale')
      expect(tried()).toEqual([])
    }
    for (const side of step.undoTouches ?? step.touches ?? []) {
      const { dispatch, tried } = overtakenAt(side)
      await expect(dispatch.undo(contextOf(mode, step), work)).rejects.toThrow('postgres.stale')
      expect(tried()).toEqual([])
    }
  })

  test('is refused by the executor: no action writes the token itself', () => {
    const root = join(import.meta.dirname, '../../src/kinds/postgres')
    const files = ['actions', 'dump/actions'].flatMap(folder =>
      readdirSync(join(root, folder)).map(file => join(root, folder, file)),
    )
    expect(files).toHaveLength(kind.actions ? Object.keys(kind.actions).length : 0)
    const writing = files.filter(file => /fencing-token|writeFencingToken/.test(readFileSync(file, 'utf8')))
    expect(writing).toEqual([])
  })
})

test('a rehearsal touches the target and nothing else', () => {
  for (const step of stepsOf('rehearsal')) {
    expect([step.name, step.touches, step.undoTouches]).toEqual([step.name, ['target'], undefined])
  }
})

// What the compiler refuses.
postgres.defineKind({
  messages: kind.messages,
  audit: async () => ({}),
  findings: () => [],
  // @ts-expect-error the night's promotion touches the source
  plan: () => ({ preparation: [], rehearsal: [pause, promote, accept], live: [], close: [] }),
  actions: [],
  measures: {},
  returnPath: 'none',
  losesWithout: 'nothing',
})
