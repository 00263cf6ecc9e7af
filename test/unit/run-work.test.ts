import { expect, it } from 'vitest'
import type { StepContext } from '../../src/model/kind.ts'
import type { Ports } from '../../src/run/ports.ts'
import { applyStep, repairReturnPath, undoStep } from '../../src/run/work.ts'
import { aStep } from '../helpers/small-runbook.ts'

const context = { step: aStep('a.act'), component: { id: 'a' } } as unknown as StepContext
/** An authority whose answer does not come; nothing may be dispatched before it has. */
const portsThat = (check: () => Promise<void>) => ({ authority: { check }, dispatch: {} }) as unknown as Ports
const never = () => new Promise<void>(() => {})

it.each([
  [
    'a step',
    'deadline',
    'step.failed',
    (p: Ports, s: AbortSignal) => applyStep(p, 'k', 1, context, s, () => {}),
  ],
  [
    'an undo',
    'deadline',
    'undo.failed',
    (p: Ports, s: AbortSignal) => undoStep(p, false, 'k', 1, context, s, () => {}),
  ],
  [
    'a repair',
    'stop',
    'return-path.repair-failed',
    (p: Ports, s: AbortSignal) => repairReturnPath(p, 'k', 1, context, s, () => {}),
  ],
] as const)('%s that waits for its authority ends when it is aborted', async (_what, why, type, act) => {
  const controller = new AbortController()
  const acted = act(portsThat(never), controller.signal)
  controller.abort(why)
  const failure = { text: { key: 'transport.aborted', values: { what: 'a.act' } } }
  expect([await acted].flat()).toMatchObject([{ type, failure, aborted: why }])
  const refusal = new Error('another program acts')
  const refused = act(
    portsThat(() => Promise.reject(refusal)),
    new AbortController().signal,
  )
  await expect(refused).rejects.toBe(refusal)
})
