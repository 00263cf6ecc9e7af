import type { Kind } from '../../model/kind.ts'
import type { ParsedFiles } from '../parse.ts'
import { bootRules } from './boot.ts'
import { capacityRules } from './capacity.ts'
import { type JudgeRule, judgedOf, type RuleFinding } from './judgement.ts'
import { linkDaysRules } from './link-days.ts'
import { dataOrderRules } from './order-data.ts'
import { nightOrderRules } from './order-night.ts'
import { peopleDaysRules } from './people-days.ts'
import { peopleNightRules } from './people-night.ts'
import { targetRules } from './target.ts'
import { valueRules } from './values.ts'

/** All of them, in the order of docs/check.md. */
export const judgeRules: readonly JudgeRule[] = [
  ...capacityRules,
  ...bootRules,
  ...linkDaysRules,
  ...dataOrderRules,
  ...nightOrderRules,
  ...peopleDaysRules,
  ...peopleNightRules,
  ...valueRules,
  ...targetRules,
]

/** `window`: that the window is long enough is what it denies. */
export type PlanFinding = RuleFinding & { rule: string; window: boolean }

/** What the rules have to say of a plan that can be read. `now`: ISO instant, for those that ask for the day. Pure; asks no host, and knows no kind by name. */
export function judgePlan(
  { plan, unknown }: Pick<ParsedFiles, 'plan' | 'unknown'>,
  kinds: Record<string, Kind>,
  now?: string,
): PlanFinding[] {
  const judged = judgedOf(plan, kinds, unknown, now)
  return judgeRules.flatMap(({ id, window = false, judge }) =>
    judge(judged).map(finding => ({ ...finding, rule: id, window })),
  )
}
