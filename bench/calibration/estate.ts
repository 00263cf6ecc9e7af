import type { Gate, Runbook, Step } from '../../src/model/step.ts'
import { aGate, aRunbook, aStep } from '../../test/helpers/small-runbook.ts'
import type { Luck } from './luck.ts'

/** What one thing really takes, in this estate: its median over what was expected, and how it varies from night to night. */
export type Truth = { bias: number; sigma: number; heavyTail: boolean }
export type Estate = { runbook: Runbook; truths: Map<string, Truth>; linkShares: Map<string, number> }

/** In one night of thirty, such a thing takes far longer. */
export const tail = { chance: 1 / 30, shape: 2.5 }

/** Some components with five steps each. Hosts are slower or faster than expected, and so is each sort of work everywhere. */
export function estateOf(luck: Luck): Estate {
  const truths = new Map<string, Truth>()
  const biases = new Map(sorts.map(sort => [sort, luck.lognormal(0.3)]))
  const truth = (id: string, bias: number, sigma: number): void => {
    truths.set(id, { bias, sigma, heavyTail: luck.share() < 0.3 })
  }
  const components = Array.from({ length: luck.whole(2, 7) }, (_, index) => `c${index}`)
  const steps = components.flatMap((component): Step[] => {
    const host = luck.lognormal(0.35)
    return componentSteps(component, luck).map(step => {
      truth(step.id, host * (biases.get(step.action) ?? 1), luck.between(0.05, 0.3))
      truth(`undo ${step.id}`, host * luck.lognormal(0.3), luck.between(0.05, 0.3))
      return step
    })
  })
  const last = (action: string): string[] => components.map(component => `${component}.${action}`)
  const gates: Gate[] = [
    aGate('go', [], { signoffs: ['lead', 'dba'] }),
    aGate('integrity', last('verify'), { signoffs: ['dba'] }),
    aGate('reopen', last('start'), { signoffs: ['lead'] }),
  ]
  for (const { id } of gates) truth(`${id}/checks`, luck.lognormal(0.4), luck.between(0.05, 0.3))
  // one person is as quick at every gate
  for (const role of ['lead', 'dba']) truth(role, luck.lognormal(0.5), luck.between(0.4, 0.7))
  const linkShares = new Map(
    steps.map(step => [
      step.id,
      step.transfer === undefined
        ? 0
        : (step.duration?.linkSeconds ?? step.expectedSeconds) / step.expectedSeconds,
    ]),
  )
  return { runbook: aRunbook(steps, gates), truths, linkShares }
}

const sorts = ['stop', 'send', 'verify', 'promote', 'start', 'open']

function componentSteps(component: string, luck: Luck): Step[] {
  const step = (action: string, after: string[], expectedSeconds: number, change: Partial<Step> = {}): Step =>
    aStep(`${component}.${action}`, after, {
      ...{ action, expectedSeconds },
      undo: { ...undo, expectedSeconds: luck.between(1, 40) },
      ...change,
    })
  const of = (action: string) => `${component}.${action}`
  const sending = luck.between(20, 600)
  return [
    step('stop', ['go'], luck.between(2, 30)),
    step('send', [of('stop')], sending, {
      transfer: 'resumes',
      duration: { linkSeconds: sending * luck.between(0.4, 1) },
    }),
    step('verify', [of('send')], luck.between(5, 200)),
    step('promote', ['integrity'], luck.between(2, 60)),
    step('start', [of('promote')], luck.between(2, 90)),
    step('open', ['reopen'], luck.between(1, 20)),
  ]
}
const undo = { possible: true as const, deadlineSeconds: 60, byHand: { key: 'test.byHand' as const } }
