import type { KeptPart, KeptStep } from '../run/kept-calls.ts'
import type { Explanation } from './explanation.ts'
import type { Formatter } from './formatter.ts'

/** Instants are ISO strings in UTC, durations seconds. */
export function explanationJson(
  { plan, runbook, step, took, undoTook, kept }: Explanation,
  { say }: Pick<Formatter, 'say'>,
) {
  const { undo } = step
  return {
    plan: plan.name,
    step: step.id,
    title: say(step.title),
    component: step.component,
    mode: runbook.mode,
    stage: step.stage,
    owner: step.owner,
    after: step.after,
    touches: step.touches ?? [],
    expectedSeconds: step.expectedSeconds,
    measured: took,
    deadlineSeconds: step.deadlineSeconds,
    attempts: step.attempts,
    backoffSeconds: step.backoffSeconds,
    trigger: step.trigger,
    ...(step.beside && { beside: true }),
    undo: undo.possible
      ? {
          possible: true,
          touches: step.undoTouches ?? step.touches ?? [],
          expectedSeconds: undo.expectedSeconds,
          measured: undoTook,
          deadlineSeconds: undo.deadlineSeconds,
          byHand: say(undo.byHand),
        }
      : { possible: false, why: say(undo.why) },
    ...keptJson(kept),
  }
}

/** Nothing where it has not run. */
export const keptJson = ({ apply, undo }: KeptStep) => ({
  ...(apply && { commands: partJson(apply) }),
  ...(undo && { undoCommands: partJson(undo) }),
})

const partJson = ({ begun, well, ...part }: KeptPart) => ({ at: begun, ok: well, ...part })
