import { canonicalJson, sha256Hex } from '../../src/model/canonical.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Check, Gate, Runbook, RunMode, Step } from '../../src/model/step.ts'

/** Keys of sentences that only tests say. */
declare module '../../src/model/text.ts' {
  interface MessageKeys {
    'test.byHand': true
    'test.cannot': true
    'test.check': true
    'test.gate': true
    'test.left': true
    'test.line': true
    'test.mend': true
    'test.step': true
  }
}

export function aStep(id: string, after: string[] = [], change: Partial<Step> = {}): Step {
  return {
    id,
    component: id.split('.')[0] ?? id,
    kind: 'double',
    action: 'act',
    params: {},
    title: { key: 'test.step' },
    stage: 'announce',
    after,
    owner: 'sysadmin',
    expectedSeconds: 2,
    deadlineSeconds: 60,
    attempts: 2,
    backoffSeconds: 1,
    trigger: 'failure',
    undo: { possible: true, expectedSeconds: 2, deadlineSeconds: 60, byHand: { key: 'test.byHand' } },
    ...change,
  }
}

export function aCheck(id: string, change: Partial<Check> = {}): Check {
  return {
    id,
    component: 'a',
    kind: 'double',
    measure: 'value',
    unit: '',
    title: { key: 'test.check' },
    threshold: { equals: 0 },
    onFailure: 'roll-back',
    attempts: 1,
    backoffSeconds: 1,
    deadlineSeconds: 30,
    ...change,
  }
}

export const aGate = (id: Gate['id'], after: string[], change: Partial<Gate> = {}): Gate => ({
  id,
  title: { key: 'test.gate' },
  after,
  checks: [aCheck(`check-${id}`)],
  signoffs: ['lead'],
  ...change,
})

export function aRunbook(steps: Step[], gates: Gate[] = [], mode: RunMode = 'live'): Runbook {
  const content = { plan: 'test', mode, steps, gates }
  return { ...content, hash: sha256Hex(canonicalJson(content)) }
}

/** A plan with the components that the steps name, a window of two hours from the virtual clock's start. */
export function aPlan(steps: readonly Step[], change: Partial<Plan> = {}): Plan {
  const components = Object.fromEntries(
    steps.map(({ component, kind, owner }) => [
      component,
      {
        id: component,
        kind,
        title: component,
        criticality: 'high' as const,
        owner,
        needs: [],
        spec: {},
      },
    ]),
  )
  return {
    name: 'test',
    title: 'Test',
    zone: 'Europe/Paris',
    sites: { source: { id: 's', title: 'S', hosts: {} }, target: { id: 't', title: 'T', hosts: {} } },
    outside: {},
    ssh: { connectTimeoutSeconds: 5 },
    window: { start: '2026-12-12T22:00', lengthMinutes: 120, rollbackReserveMinutes: 0 },
    people: [],
    components,
    checks: {},
    gates: { go: { signoffs: [] }, integrity: { signoffs: [] }, reopen: { signoffs: [] } },
    phases: [],
    rollback: {
      databaseStartSeconds: 60,
      serviceStartAttempts: 2,
      lineLostSeconds: 300,
      marginSeconds: 0,
      undoAttempts: 2,
      undoBackoffSeconds: 1,
    },
    notices: [],
    ...change,
  }
}
