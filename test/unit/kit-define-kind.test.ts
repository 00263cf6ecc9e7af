import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { kindOf } from '../../src/kinds/kit/define-kind.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { PlannedStep, Step } from '../../src/model/step.ts'
import { sitesOf } from '../../src/run/sides.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand } from '../doubles/recording-answers.ts'

const toy = kindOf('toy', z.strictObject({ zone: z.string(), lowSeconds: z.int().default(60) }), {
  ttls: { unit: 's', value: z.record(z.string(), z.number()) },
})
const planned = {
  title: { key: 'toy.title' as never },
  stage: 'provision' as const,
  expectedSeconds: 1,
  deadlineSeconds: 10,
  attempts: 1,
  backoffSeconds: 1,
  trigger: 'failure' as const,
  undo: { possible: false as const, why: { key: 'toy.nothing' as never } },
}
const lower = toy.action({
  name: 'lower',
  touches: ['shared'],
  result: z.object({ oldSeconds: z.number() }),
  plan: () => planned,
  isDone: async () => false,
  async apply({ facts, spec }, io) {
    await io.at('shared').change('source-db', ['lower', spec.zone, String(spec.lowSeconds)])
    return { oldSeconds: Math.max(0, ...Object.values(facts.ttls ?? {})) }
  },
})
const wait = toy.action({
  name: 'wait',
  touches: [],
  result: z.object({ waitedSeconds: z.number() }),
  plan: () => ({ ...planned, after: [lower] }),
  isDone: async () => false,
  apply: async ({ resultOf }) => ({ waitedSeconds: resultOf(lower)?.oldSeconds ?? 0 }),
})
const promote = toy.action({
  name: 'promote',
  touches: ['target'],
  plan: () => ({ ...planned, after: [lower] }),
  isDone: async () => true,
  async apply({ spec }, io) {
    await io.at('target').change(spec.zone, ['promote'])
    // @ts-expect-error a side that the action does not declare can only be read
    await Promise.resolve(io.at('source').change)
    return undefined
  },
})
/** Stands for the step of another action, and only keeps a copy up to date at the source. */
const refresh = toy.action({
  name: 'refresh',
  step: 'lower',
  touches: ['replication', 'target'],
  result: z.object({ oldSeconds: z.number() }),
  plan: () => planned,
  isDone: async () => false,
  async apply({ resultOf }, io) {
    await io.at('replication', 'target').change('source-db', ['snapshot'])
    // @ts-expect-error what users are served from is another side
    await Promise.resolve(io.at('source').change)
    return { oldSeconds: resultOf(lower)?.oldSeconds ?? 0 }
  },
})
const parts = {
  messages: { en: {}, fr: {} },
  audit: async () => ({ ttls: { a: 300 } }),
  findings: () => [{ rule: 'ttl-high', level: 'warn' as const, text: { key: 'toy.high' as never } }],
  actions: [lower, wait, promote, refresh],
  measures: {},
  returnPath: 'none' as const,
  losesWithout: 'nothing' as const,
}
const kind = toy.defineKind({
  ...parts,
  plan: () => ({ preparation: [lower, wait], rehearsal: [promote], live: [promote], close: [] }),
})

const component: Component = {
  id: 'names',
  kind: 'toy',
  title: 'names',
  criticality: 'low',
  owner: '',
  needs: [],
  spec: { zone: 'target-db' },
}
const site = (id: string) => ({
  id,
  title: id,
  hosts: {
    db: { ssh: `${id}-db`, address: id === 'source' ? '10.0.0.1' : '10.0.0.2', become: 'sudo' as const },
  },
})
const plan = { sites: { source: site('source'), target: site('target') }, components: { names: component } }
const about = { plan: plan as unknown as Plan, mode: 'preparation' as const, facts: {} }
const contextOf = (step: PlannedStep | undefined, results = {}): StepContext => ({
  ...about,
  component,
  step: step as unknown as Step,
  fencingNumber: 1,
  results,
})
const io = recordingIo({ now: '2026-12-12T21:00:00Z', answers: [onCommand('')] })

describe('a kind put together by the kit', () => {
  it('plans the steps of a mode, with their sides, after those that are planned too', () => {
    const steps = kind.plan(component, {}, about)
    expect(steps.map(({ name, action, after, touches }) => [name, action, after, touches])).toEqual([
      ['lower', 'lower', [], ['shared']],
      ['wait', 'wait', ['lower'], []],
    ])
    expect(kind.plan(component, {}, { ...about, mode: 'rehearsal' })[0]?.after).toEqual([])
  })

  it('plans and finds a step by its own name, whichever action stands for it', async () => {
    const rehearsing = toy.defineKind({
      ...parts,
      plan: () => ({ preparation: [], rehearsal: [refresh, wait, promote], live: [], close: [] }),
    })
    const steps = rehearsing.plan(component, {}, { ...about, mode: 'rehearsal' })
    expect(steps.map(({ name, action, after }) => [name, action, after])).toEqual([
      ['lower', 'refresh', []],
      ['wait', 'wait', ['lower']],
      ['promote', 'promote', ['lower']],
    ])
    const before = { 'names.lower': { oldSeconds: 7 } }
    expect(await rehearsing.actions.refresh?.apply(contextOf(steps[0], before), io)).toEqual(
      before['names.lower'],
    )
    expect(io.transcript().at(-1)).toBe('change source-db: snapshot')
    // The executor claims where the hosts are.
    expect([...sitesOf(steps[0]?.touches ?? [])]).toEqual(['source', 'target'])
  })

  it('gives spec with its defaults, facts and results as they were declared', async () => {
    const facts = { names: { ttls: { value: { a: 300 }, unit: 's', at: '' } } }
    const result = await kind.actions.lower?.apply({ ...contextOf(undefined), facts }, io)
    expect(result).toEqual({ oldSeconds: 300 })
    expect(io.transcript().at(-1)).toBe('change source-db: lower target-db 60')
    const waited = await kind.actions.wait?.apply(contextOf(undefined, { 'names.lower': result }), io)
    expect(waited).toEqual({ waitedSeconds: 300 })
  })

  it('takes a fact of another form for unknown: it is measured again', async () => {
    const facts = { names: { ttls: { value: 'high', unit: 's', at: '' } } }
    expect(await kind.actions.lower?.apply({ ...contextOf(undefined), facts }, io)).toEqual({ oldSeconds: 0 })
  })

  it('refuses a result of another form, which nothing brings back', async () => {
    const waited = kind.actions.wait?.apply(contextOf(undefined, { 'names.lower': { old: 1 } }), io)
    await expect(waited).rejects.toMatchObject({
      text: {
        key: 'kit.resultUnreadable',
        values: { step: 'names.lower', why: expect.stringContaining('oldSeconds') },
      },
    })
  })

  it('audits into facts with unit and instant, and names findings after the component', async () => {
    expect(await kind.audit(component, about, io)).toEqual({
      ttls: { value: { a: 300 }, unit: 's', at: '2026-12-12T21:00:00.000Z' },
    })
    expect(kind.findings(component, {}, about)[0]?.id).toBe('names.ttl-high')
  })

  it('lets no action change a host of a side that it does not declare', async () => {
    await expect(kind.actions.promote?.apply(contextOf(undefined), io)).resolves.toBeUndefined()
    const elsewhere = { ...component, spec: { zone: 'source-db' } }
    await expect(
      kind.actions.promote?.apply({ ...contextOf(undefined), component: elsewhere }, io),
    ).rejects.toThrow('a step that changes target would change source-db')
  })
})

// What the compiler refuses.
toy.defineKind({
  ...parts,
  // @ts-expect-error a rehearsal changes nothing but the target
  plan: () => ({ preparation: [], rehearsal: [lower], live: [], close: [] }),
})
toy.defineKind({
  ...parts,
  // @ts-expect-error every mode is planned
  plan: () => ({ preparation: [], rehearsal: [], live: [] }),
})
toy.defineKind({
  ...parts,
  // @ts-expect-error the table of facts has no such name
  audit: async () => ({ ttl: 1 }),
  plan: () => ({ preparation: [], rehearsal: [], live: [], close: [] }),
})
const { losesWithout: _, ...undecided } = parts
// @ts-expect-error whether it holds data is said
toy.defineKind({
  ...undecided,
  plan: () => ({ preparation: [], rehearsal: [], live: [], close: [] }),
})
// @ts-expect-error with a return path there is something to lose
toy.defineKind({
  ...parts,
  returnPath: {
    madeBy: promote,
    everySeconds: 1,
    look: async () => ({
      state: 'good',
      bytesBehind: 0,
      secondsBehind: 0,
      atStake: { key: 'toy.high' as never },
    }),
    repair: async () => ({}),
  },
  plan: () => ({ preparation: [], rehearsal: [], live: [], close: [] }),
})
toy.action({
  ...wait,
  // @ts-expect-error a renamed field of a result is missed by those who read it
  apply: async ({ resultOf }) => ({ waitedSeconds: resultOf(lower)?.old ?? 0 }),
})
