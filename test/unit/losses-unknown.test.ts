import { expect, it } from 'vitest'
import { kind as files } from '../../src/kinds/files/index.ts'
import { kind as machine } from '../../src/kinds/proxmox-vm/index.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { History, Run, StepState } from '../../src/model/run.ts'
import { measureContext } from '../../src/run/contexts.ts'
import { filesComponent, planWith } from '../helpers/files-world.ts'
import { archived, ProxmoxWorld, planOfArchived } from '../helpers/proxmox-world.ts'

const tree = filesComponent()
const neverBegun: StepState = { status: 'waiting', attempt: 0, failures: 0, mayHaveChanged: false }

/** What going on without the target loses, by what the run says of one step, which has no result. */
async function losses(kind: Kind, plan: Plan, component: Component, step: string, state: Partial<StepState>) {
  const steps = { [`${component.id}.${step}`]: { ...neverBegun, ...state } }
  const run = { id: 'run', mode: 'live', steps } as unknown as Run
  const history = { facts: {}, clocks: {}, runs: [run], plans: {}, runbooks: {} } as History
  const context = measureContext(plan, {}, history, run)
  const loss = await kind.losesWithout?.(component, 'target', context, new ProxmoxWorld().io())
  return loss?.text.map(({ key }) => key)
}

const handed: Record<string, Partial<StepState>> = {
  'done by hand': { status: 'done', how: 'by-hand', mayHaveChanged: true },
  'skipped by people': { status: 'done', how: 'skipped' },
  'begun, and failed': { status: 'failed', attempt: 1, failures: 1, mayHaveChanged: true },
}

it.each(Object.entries(handed))('a step that was %s names a loss of unknown extent', async (_how, state) => {
  expect(await losses(files, planWith(tree), tree, 'reverse-channel', state)).toEqual([
    'files.losesSinceUnknown',
  ])
  expect(await losses(machine, planOfArchived, archived, 'start', state)).toEqual(['proxmox-vm.loses'])
})

it('a step that was never begun loses nothing', async () => {
  expect(await losses(files, planWith(tree), tree, 'reverse-channel', {})).toBeUndefined()
  expect(await losses(machine, planOfArchived, archived, 'start', {})).toBeUndefined()
})
