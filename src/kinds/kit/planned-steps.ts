import type { PlannedStep, TouchedSide } from '../../model/step.ts'
import type { About, AnyAction, Handle, TypedAction } from './kind-parts.ts'

/** `after` names what is planned in this mode; the rest of the step is what the action says of itself. `monitored`: what made that path. */
export function plannedSteps<Spec, Known>(
  actions: readonly AnyAction[],
  about: About<Spec, Known>,
  monitored: string | undefined,
): PlannedStep[] {
  const names = new Set(actions.map(stepOf))
  return actions.map(action => {
    const {
      after = [],
      params = {},
      ...planned
    } = (action as TypedAction<Spec, Known, string, TouchedSide, unknown>).plan(about)
    return {
      ...planned,
      name: stepOf(action),
      action: action.name,
      params,
      touches: [...action.touches],
      ...(action.undoTouches && { undoTouches: [...action.undoTouches] }),
      ...(action.handsOver && { handsOver: true as const }),
      ...(action.stopsSource && { stopsSource: true as const }),
      ...(action.makesReturnPath && {
        makesReturnPath: action.name === monitored ? ('monitored' as const) : ('unmonitored' as const),
      }),
      ...(action.noReturnPath && { noReturnPath: true as const }),
      after: after.map(stepOf).filter(name => names.has(name)),
    }
  })
}

export const stepOf = ({ name, step = name }: Handle): string => step
