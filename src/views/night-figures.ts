import type { Change, NightForecast } from '../forecast/night-forecast.ts'
import { instantAt, millisecondsOf, secondsBetween } from '../model/instant.ts'
import type { Formatter } from './formatter.ts'
import { ticks } from './gantt.ts'
import { atSeconds, type PlannedNight } from './planned-night.ts'
import { changeOf, tellingHelps } from './planned-night-lines.ts'

/** Positions are fractions of the chart's width and height, 0 to 1. */
export type ChanceCurve = {
  title: string
  description: string
  ticks: { at: number; label: string }[]
  chances: { at: number; label: string }[]
  points: { at: number; chance: number }[]
  end: number
  asked: number
  legend: { shape: 'chance' | 'end' | 'asked'; label: string }[]
}
/** `chance` and `earlier`: the bar's length as a part of the longest of its sort; the text beside it says the figure. */
export type HelpsChart = {
  title: string
  rows: { label: string; bars: { kind: 'chance' | 'earlier'; share: number; text: string }[] }[]
}

/** The chance to fit against the end of the window. */
export function chanceCurve(night: PlannedNight, forecast: NightForecast, formatter: Formatter): ChanceCurve {
  const { chances, percentile } = forecast
  const windowSeconds = secondsBetween(night.windowStart, night.windowEnd)
  const ends = [windowSeconds, ...chances.map(({ endSeconds }) => endSeconds)]
  const margin = Math.max(60, (Math.max(...ends) - Math.min(...ends)) * 0.04)
  const [first, last] = [Math.min(...ends) - margin, Math.max(...ends) + margin]
  const at = (seconds: number): number => (seconds - first) / (last - first)
  const clock = (seconds: number): string => formatter.minute(atSeconds(night, seconds))
  const percentText = (percent: number): string =>
    formatter.say({ key: 'views.night.percent', values: { percent: formatter.number(percent) } })
  const start = millisecondsOf(night.windowStart)
  const times = ticks(start + first * 1000, start + last * 1000).filter(time => time % 60_000 === 0)
  return {
    title: formatter.say({ key: 'views.nightPage.curve' }),
    description: formatter.say(spareOf(night, forecast, formatter)),
    ticks: times.map(time => ({ at: at((time - start) / 1000), label: formatter.minute(instantAt(time)) })),
    chances: [0, 25, 50, 75, 100].map(chance => ({ at: chance / 100, label: percentText(chance) })),
    points: [
      { at: 0, chance: 0 },
      { at: at(chances[0]?.endSeconds ?? 0), chance: 0 },
      ...chances.map(({ endSeconds, chance }) => ({ at: at(endSeconds), chance })),
      { at: 1, chance: 1 },
    ],
    ...{ end: at(windowSeconds), asked: percentile / 100 },
    legend: [
      { shape: 'chance', label: formatter.say({ key: 'views.nightPage.curve.chance' }) },
      {
        shape: 'end',
        label: formatter.say({
          key: 'views.nightPage.curve.end',
          values: { at: clock(windowSeconds), percent: chanceText(forecast, formatter) },
        }),
      },
      { shape: 'asked', label: formatter.say({ key: 'views.nightPage.asked', values: { percentile } }) },
    ],
  }
}

/** Rounded down to a tenth, so that 100 % is every night. */
export const chanceText = ({ chanceToFit }: NightForecast, formatter: Formatter): string =>
  formatter.number(Math.floor(chanceToFit * 1000) / 10)

/** How much shorter the window could be, or how much longer it would have to be, for the share of the nights that the plan asks. */
export function spareOf(night: PlannedNight, { chances, percentile }: NightForecast, formatter: Formatter) {
  const needed = chances.find(({ chance }) => chance >= percentile / 100)?.endSeconds ?? 0
  const spare = secondsBetween(night.windowStart, night.windowEnd) - needed
  const time = formatter.duration(Math.round(Math.abs(spare)))
  const at = formatter.minute(atSeconds(night, Math.ceil(needed / 60) * 60))
  const values = { percentile, at, time }
  return { key: spare >= 0 ? 'views.nightPage.spare' : 'views.nightPage.missing', values } as const
}

/** What each change alone would bring, the best first. */
export function helpsChart(night: PlannedNight, { helps }: NightForecast, formatter: Formatter): HelpsChart {
  const telling = tellingHelps(helps)
  const [mostChance, mostEarlier] = [
    Math.max(...telling.map(({ chanceGain }) => chanceGain)),
    Math.max(...telling.map(({ earlierSeconds }) => earlierSeconds)),
  ]
  const label = (change: Change) => formatter.say(changeOf(change, night, formatter))
  return {
    title: formatter.say({ key: 'views.nightPage.helps' }),
    rows: telling.map(({ change, chanceGain, earlierSeconds }) => {
      const points = formatter.number(Math.round(chanceGain * 1000) / 10)
      const time = formatter.duration(Math.max(0, Math.round(earlierSeconds)))
      return {
        label: label(change),
        bars: [
          {
            ...{ kind: 'chance' as const, share: shareOf(chanceGain, mostChance) },
            text: formatter.say({ key: 'views.nightPage.points', values: { points } }),
          },
          {
            ...{ kind: 'earlier' as const, share: shareOf(earlierSeconds, mostEarlier) },
            text: formatter.say({ key: 'views.nightPage.earlier', values: { time } }),
          },
        ],
      }
    }),
  }
}

const shareOf = (value: number, most: number): number => (most > 0 ? Math.max(0, value / most) : 0)
