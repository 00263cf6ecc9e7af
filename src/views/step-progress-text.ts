import { instantAt, millisecondsOf, secondsBetween } from '../model/instant.ts'
import type { Formatter } from './formatter.ts'
import type { StepProgress } from './step-progress.ts'

/** Nothing as long as nothing has been reported; e.g. `4.3/4.8 GB · 89 % · 160 Mbit/s · until 22:48:10 · updated 2 s ago`. */
export function stepProgressText(stepProgress: StepProgress, now: string, formatter: Formatter): string {
  if (stepProgress.samples.length === 0) return ''
  const age = Math.max(0, secondsBetween(stepProgress.updatedAt, now))
  const parts = [amount(stepProgress, formatter)]
  if (stepProgress.percent !== undefined)
    parts.push(
      formatter.say({ key: 'views.stepProgress.percent', values: { percent: stepProgress.percent } }),
    )
  if (stepProgress.perSecond !== undefined && stepProgress.unit !== 'none')
    parts.push(rate(stepProgress, stepProgress.perSecond, formatter))
  if (stepProgress.remainingSeconds !== undefined) {
    // An age grows while nothing comes: the end is counted from the last figures, never from a guess in between.
    const at = instantAt(millisecondsOf(stepProgress.updatedAt) + stepProgress.remainingSeconds * 1000)
    parts.push(formatter.say({ key: 'views.stepProgress.end', values: { at: formatter.clock(at) } }))
  }
  const { note = '' } = stepProgress
  parts.push(typeof note === 'string' ? note : formatter.say(note))
  parts.push(
    formatter.say({ key: 'views.stepProgress.age', values: { age: formatter.duration(Math.floor(age)) } }),
  )
  return parts.filter(Boolean).join(' · ')
}

function amount(stepProgress: StepProgress, formatter: Formatter): string {
  if (stepProgress.unit === 'none') return ''
  const say = (value: number) =>
    stepProgress.unit === 'bytes' ? formatter.bytes(value) : formatter.number(Math.round(value))
  return stepProgress.total === undefined
    ? say(stepProgress.done)
    : `${say(stepProgress.done)} / ${say(stepProgress.total)}`
}

function rate(stepProgress: StepProgress, perSecond: number, formatter: Formatter): string {
  if (stepProgress.unit === 'bytes') {
    const rounded = Math.round((perSecond * 8) / 100_000) / 10
    return formatter.say({ key: 'views.stepProgress.bitRate', values: { rate: formatter.number(rounded) } })
  }
  return formatter.say({
    key: 'views.stepProgress.itemRate',
    values: { rate: formatter.number(Math.round(perSecond)) },
  })
}
