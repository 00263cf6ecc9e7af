import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.ts'
import type { Event } from '../../src/model/event.ts'
import type { Kind, Measure } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Runbook } from '../../src/model/step.ts'
import type { MessageKey } from '../../src/model/text.ts'
import { recordAudit } from '../../src/run/audit.ts'
import { measureGates } from '../../src/run/measure-gates.ts'
import type { OpenState } from '../../src/run/state.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const secret = 'canary-in-the-mine'

const started: Event = {
  ...{
    type: 'run.started',
    mode: 'live',
    planName: 'chatty',
    planHash: '',
    runbookHash: '',
    programVersion: '',
  },
  ...{ windowStart: '', windowEnd: '', fencingNumber: 1, by: 'marie' },
}

/** A kind whose host repeats the secret in its answer, as a program may that fails without failing. */
const chatty = {
  audit: async () => ({ detail: { value: `login ${secret} refused`, unit: '', at: '' } }),
  findings: (_component, facts) => [
    {
      id: 'chatty.refused',
      component: 'chatty',
      level: 'block',
      text: { key: 'x' as MessageKey, values: { detail: String(facts.detail?.value), again: secret } },
    },
  ],
} as Partial<Kind> as Kind

it('a secret in an answer is neither given back to be shown nor written down', async () => {
  const file = join(temporaryFolder('audit'), 'journal.db')
  const redactor = createRedactor()
  redactor.add(secret)
  const journal = openJournal(file, { redact: redactor.redact })
  const state = {
    hosts: [],
    lock: { number: 1 },
    journal,
    transport: { ioFor: () => ({}) },
  } as unknown as OpenState
  const plan = { components: { chatty: { id: 'chatty', kind: 'chatty' } } } as unknown as Plan
  const audited = await recordAudit(state, plan, { chatty }, 'preparation')
  journal.close()
  expect(audited.facts.chatty?.detail?.value).toBe('login […] refused')
  expect(audited.findings[0]?.text.values).toEqual({ detail: 'login […] refused', again: '[…]' })
  expect(readFileSync(file).includes(secret)).toBe(false)
})

it('nor is one in what a check has measured', async () => {
  const redactor = createRedactor()
  redactor.add(secret)
  const file = join(temporaryFolder('audit'), 'journal.db')
  const journal = openJournal(file, { redact: redactor.redact })
  const measure: Measure = {
    title: 'test.check',
    unit: '',
    expectedSeconds: 1,
    measure: async () => ({ value: 1, figures: {}, detail: [{ key: 'test.check', values: { secret } }] }),
  }
  const kinds = { chatty: { ...chatty, measures: { loud: measure } } }
  const transport = { ioFor: () => ({}) } as unknown as OpenState['transport']
  const plan = { components: { chatty: { id: 'chatty', kind: 'chatty' } } } as unknown as Plan
  const check = { id: 'T1', component: 'chatty', kind: 'chatty', measure: 'loud', threshold: { equals: 0 } }
  const runbook = {
    gates: [{ id: 'go', checks: [{ ...check, deadlineSeconds: 5 }] }],
    mode: 'live',
  } as unknown as Runbook
  const state = { plan, journal, transport, hosts: [], redact: redactor.redact }
  journal.append('run-1', started)
  const measured = await measureGates({ kinds }, state, runbook, ['go'])
  journal.close()
  expect(measured.T1).toMatchObject({
    status: 'failed',
    detail: [{ key: 'test.check', values: { secret: '[…]' } }],
  })
})

it('the checks of a gate are measured beside each other, as in the night', async () => {
  let both = (): void => {}
  const second = new Promise<void>(resolve => {
    both = resolve
  })
  const measureAfter = (wait: () => Promise<void> | void) => ({
    unit: '',
    expectedSeconds: 1,
    measure: async () => {
      await wait()
      return { value: 0, figures: {} }
    },
  })
  const measures = { waits: measureAfter(() => second), ends: measureAfter(() => both()) }
  const check = { component: 'pair', kind: 'pair', threshold: { equals: 0 }, deadlineSeconds: 1 }
  const checks = [
    { ...check, id: 'T1', measure: 'waits' },
    { ...check, id: 'T2', measure: 'ends' },
  ]
  const measured = await measuredAt(checks, measures)
  expect(Object.entries(measured).map(([id, { status }]) => [id, status])).toEqual([
    ['T1', 'passed'],
    ['T2', 'passed'],
  ])
})

it('but for those whose figures the others would spoil: they come after', async () => {
  const order: string[] = []
  const measure = (name: string) => ({
    unit: '',
    expectedSeconds: 1,
    measure: async () => {
      order.push(`${name} begins`)
      await new Promise(resolve => setTimeout(resolve, 5))
      order.push(`${name} ends`)
      return { value: 0, figures: {} }
    },
  })
  const check = { component: 'pair', kind: 'pair', threshold: { equals: 0 }, deadlineSeconds: 1 }
  const checks = [
    { ...check, id: 'T1', measure: 'speed', alone: true },
    { ...check, id: 'T2', measure: 'equal' },
  ]
  await measuredAt(checks, { speed: measure('speed'), equal: measure('equal') })
  expect(order).toEqual(['equal begins', 'equal ends', 'speed begins', 'speed ends'])
})

/** The checks of the first gate, measured now. */
async function measuredAt(checks: object[], measures: object) {
  const file = join(temporaryFolder('audit'), 'journal.db')
  const { redact } = createRedactor()
  const journal = openJournal(file, { redact })
  journal.append('run-1', started)
  const plan = { components: { pair: { id: 'pair', kind: 'pair' } } } as unknown as Plan
  const runbook = { gates: [{ id: 'go', checks }], mode: 'live' } as unknown as Runbook
  const transport = { ioFor: ({ signal }: { signal: AbortSignal }) => ({ signal }) } as never
  const kinds = { pair: { ...chatty, measures } }
  const state = { plan, journal, transport, hosts: [], redact } as never
  const measured = await measureGates({ kinds } as never, state, runbook, ['go'])
  journal.close()
  return measured
}

it('a component that is not audited in time blocks, and says so', async () => {
  const journal = openJournal(join(temporaryFolder('audit'), 'journal.db'), { redact: text => text })
  const ioFor = ({ signal }: { signal: AbortSignal }) => ({ signal })
  const state = { hosts: [], lock: { number: 1 }, journal, transport: { ioFor } } as unknown as OpenState
  const plan = { components: { slow: { id: 'slow', kind: 'slow' } } } as unknown as Plan
  const slow = {
    audit: async (_component, _context, io) => {
      await once(io.signal, 'abort')
      throw io.signal.reason
    },
  } as Partial<Kind> as Kind
  const { findings } = await recordAudit(state, plan, { slow }, 'preparation', 'audit-slow', 0.05)
  journal.close()
  expect(findings).toMatchObject([
    {
      ...{ id: 'slow.unaudited', level: 'block' },
      text: { key: 'run.audit.tooLong', values: { component: 'slow', seconds: 0.05 } },
      remedy: { key: 'run.audit.tooLong.remedy' },
    },
  ])
})

it('what fills a line or many hosts is audited when all others have answered, one after the other', async () => {
  const begun: string[] = []
  const ended: string[] = []
  const kindOf = (id: string, auditsAlone?: true) => ({
    audit: async () => {
      begun.push(`${id} after ${ended.length}`)
      await new Promise(resolve => setTimeout(resolve, 5))
      ended.push(id)
      return {}
    },
    findings: () => [],
    ...(auditsAlone && { auditsAlone }),
  })
  const kinds = {
    line: kindOf('line', true),
    wall: kindOf('wall', true),
    one: kindOf('one'),
    two: kindOf('two'),
  }
  const components = Object.fromEntries(Object.keys(kinds).map(kind => [kind, { id: kind, kind }]))
  const journal = openJournal(join(temporaryFolder('audit'), 'journal.db'), { redact: text => text })
  const transport = { ioFor: () => ({}) }
  const state = { hosts: [], lock: { number: 1 }, journal, transport } as unknown as OpenState
  const plan = { components } as unknown as Plan
  await recordAudit(state, plan, kinds as unknown as Record<string, Kind>, 'preparation')
  journal.close()
  expect(begun).toEqual(['one after 0', 'two after 0', 'line after 2', 'wall after 3'])
})
