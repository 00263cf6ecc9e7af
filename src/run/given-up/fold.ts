import type { SignedGivenUp, SiteGivenUp } from '../../model/given-up.ts'
import type { Run } from '../../model/run.ts'
import { undoState, withUndo } from '../fold-undo.ts'

/** As an order says it, which two people have signed. */
export function givenUpBy(
  { and, ...given }: SignedGivenUp,
  reason: string,
  by: string,
  at: string,
): SiteGivenUp {
  return { ...given, at, by: [by, and], why: { key: 'run.why.ordered', values: { by, reason } } }
}

/** Undos that failed or still run asked what is dead: each is made anew, without it. */
export function withSiteGivenUp(run: Run, siteGivenUp: SiteGivenUp): Run {
  const anew = (one: Run, step: string): Run => {
    const { status } = undoState(one, step)
    if (status === 'failed') return withUndo(one, step, { status: 'waiting', failures: 0 })
    return status === 'running' ? withUndo(one, step, { outdated: true }) : one
  }
  // a line is looked at again, without that site
  return { ...Object.keys(run.steps).reduce(anew, run), siteGivenUp, linesLost: {} }
}
