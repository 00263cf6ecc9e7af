import { minutes } from './figures.ts'
import type { Judged, JudgeRule, RuleFinding, TimedWork } from './judgement.ts'

/** Machines and the time in which they are to come up. */
export const bootRules: JudgeRule[] = [
  { id: 'capacity.boot', window: true, judge: judged => judged.timed.flatMap(work => boots(judged, work)) },
]

/** It blocks where not even all of them side by side are up in the slot; one after the other they may need as long as all together. */
function boots(judged: Judged, { work, components, when, path, title }: TimedWork): RuleFinding[] {
  const measured = judged.plan.rates?.boot
  const each = judged
    .roles('boots')
    .filter(({ component }) => components.includes(component))
    .map(({ value }) => measured ?? value.seconds)
  const seconds = (when.endMinute - when.startMinute) * 60
  const need = { from: Math.max(0, ...each), to: each.reduce((sum, one) => sum + one, 0) }
  if (work !== 'start' || need.to <= seconds) return []
  const values = { title, slot: minutes(seconds), count: each.length, need: minutes(need) }
  return [
    {
      level: need.from > seconds ? 'block' : 'warn',
      path,
      text: { key: measured === undefined ? 'plan.judge.bootAssumed' : 'plan.judge.boot', values },
      remedy: { key: 'plan.judge.hostRate.remedy', values: { need: minutes(need.to) } },
      figures: { slotSeconds: seconds, machines: each.length, seconds: need },
    },
  ]
}
