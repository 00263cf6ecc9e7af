import type { Kind } from '../../src/model/kind.ts'
import type { PlannedStep } from '../../src/model/step.ts'
import { aStep } from './small-runbook.ts'

/**
 * One component `a` at no host. `bytes` is measured anew each time, `release` stays until somebody changes the estate, and the steps
 * follow from `attempts`.
 */
export function readyEstate(): {
  facts: { release: string; bytes: number; attempts: number }
  kinds: Record<string, Kind>
} {
  const facts = { release: '15.4', bytes: 1, attempts: 2 }
  const at = '2026-12-12T20:00:00Z'
  const { component: _, kind: __, owner: ___, id: ____, ...step } = aStep('a.move')
  const kind: Partial<Kind> = {
    kind: 'double',
    audit: async () => ({
      release: { value: facts.release, unit: '', at },
      bytes: { value: facts.bytes, unit: 'B', at },
    }),
    steadyFacts: ['release'],
    findings: () => [],
    plan: (): PlannedStep[] => [
      {
        ...{ ...step, name: 'move', action: 'act', stage: 'drain' },
        ...{ expectedSeconds: facts.bytes, attempts: facts.attempts },
      },
    ],
    actions: { act: { isDone: async () => false, apply: async () => undefined, undo: async () => {} } },
    measures: {},
  }
  return { facts, kinds: { double: kind as Kind } }
}
