import type { Text } from '../model/text.ts'
import type { Formatter } from './formatter.ts'
import type { RunView } from './run-view.ts'

/** A part of a component that the run does without. `by`: who ordered it; absent: the plan says so. */
export type LeftOutRow = {
  component: string
  part: string
  since: string
  by?: string
  reason: string
  /** For users, as things stand. */
  means: string
}

export function leftOutRows({ run, runbook }: RunView, formatter: Formatter): LeftOutRow[] {
  return (run?.leftOut ?? []).map(({ component, part, at, by, reason }) => {
    const known = runbook.steps
      .filter(step => step.component === component)
      .flatMap(({ mayLeaveOut = [] }) => mayLeaveOut)
      .find(one => one.part === part)
    const means = run?.rollback ? known?.meansRolledBack : known?.means
    const said = means ? formatter.say(means) : ''
    return { component, part, since: at, ...(by !== undefined && { by }), reason, means: said }
  })
}

/** In one sentence, with what it means. */
export function leftOutText(row: LeftOutRow, { plan }: RunView, formatter: Formatter): string {
  const { component, part, since, by, reason, means } = row
  const title = plan.components[component]?.title ?? component
  const values = { title, part, since: formatter.clock(since), reason, means }
  const text: Text =
    by === undefined
      ? { key: 'views.leftOut.planned', values }
      : { key: 'views.leftOut', values: { ...values, by } }
  return formatter.say(text)
}
