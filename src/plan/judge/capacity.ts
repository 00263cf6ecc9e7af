import type { Text } from '../../model/text.ts'
import { gigabytes, megabits, megabytesPerSecond, minutes, type Range, scaled } from './figures.ts'
import type { Judged, JudgeRule, RuleFinding, TimedWork } from './judgement.ts'
import { takesTime, titlesOf } from './judgement.ts'
import { bytesOf, crossesLink, hostRate, linkRates, needed } from './models.ts'
import { giveTime, hashAhead, oneAfterTheOther } from './repairs/capacity.ts'

/** Bytes against rate against time, for each slot of the schedule and for the whole. */
export const capacityRules: JudgeRule[] = [
  {
    id: 'capacity.link-slot',
    window: true,
    judge: judged => judged.timed.flatMap(overLink(judged)),
    repair: giveTime,
  },
  {
    id: 'capacity.work-rate',
    window: true,
    judge: judged => judged.timed.flatMap(byHost(judged)),
    repair: giveTime,
  },
  { id: 'capacity.untimed', window: true, judge: untimed, repair: hashAhead },
  { id: 'capacity.side-by-side', judge: sideBySide, repair: oneAfterTheOther },
  { id: 'capacity.window', window: true, judge: wholeWindow },
]

const secondsOf = ({ when }: TimedWork): number => (when.endMinute - when.startMinute) * 60

/** It blocks where not even the smallest size fits at the best rate. */
const levelOf = (need: Range, seconds: number) => (need.from > seconds ? 'block' : 'warn')

/** A slot that sends more than the link carries in it. */
const overLink =
  (judged: Judged) =>
  (work: TimedWork): RuleFinding[] => {
    const [need, bytes, rates] = [needed(judged, work), bytesOf(judged, work), linkRates(judged)]
    const seconds = secondsOf(work)
    if (!crossesLink(work) || !need || !bytes || !rates || need.to <= seconds) return []
    const declared = { from: bytes.from / rates.declared, to: bytes.to / rates.declared }
    const accepted = { from: bytes.from / rates.accepted, to: bytes.to / rates.accepted }
    const values = {
      title: work.title,
      slot: minutes(seconds),
      carries: gigabytes(seconds * rates.declared),
      bytes: gigabytes(bytes),
      declared: minutes(declared),
      rate: megabits(rates.declared),
    }
    const atAccepted = { accepted: minutes(accepted), lowest: megabits(rates.accepted) }
    const text: Text =
      rates.accepted < rates.declared
        ? { key: 'plan.judge.linkSlotAccepted', values: { ...values, ...atAccepted } }
        : { key: 'plan.judge.linkSlot', values }
    return [
      {
        level: levelOf(need, seconds),
        path: work.path,
        text,
        remedy: { key: 'plan.judge.linkSlot.remedy', values: { need: minutes(need.to) } },
        figures: {
          slotSeconds: seconds,
          carriesBytes: seconds * rates.declared,
          bytes,
          secondsAtDeclared: declared,
          secondsAtAccepted: accepted,
        },
      },
    ]
  }

/** A slot in which the hosts would have to be faster than they were measured, or are assumed to be. */
const byHost =
  (judged: Judged) =>
  (work: TimedWork): RuleFinding[] => {
    const [rate, bytes, need] = [hostRate(judged, work), bytesOf(judged, work), needed(judged, work)]
    const seconds = secondsOf(work)
    if (!rate || !bytes || !need || need.to <= seconds) return []
    const implied = scaled(bytes, 1 / Math.max(seconds, 1))
    const values = {
      title: work.title,
      bytes: gigabytes(bytes),
      slot: minutes(seconds),
      implied: megabytesPerSecond(implied),
      rate: megabytesPerSecond(rate.rate),
      need: minutes(need),
    }
    return [
      {
        level: levelOf(need, seconds),
        path: work.path,
        text: { key: rate.isAssumed ? 'plan.judge.hostRateAssumed' : 'plan.judge.hostRate', values },
        remedy: { key: 'plan.judge.hostRate.remedy', values: { need: minutes(need.to) } },
        figures: { slotSeconds: seconds, bytes, impliedRate: implied, rate: rate.rate, seconds: need },
      },
    ]
  }

/** Work inside of the window for which no time is planned: there must be as much of it free. */
function untimed(judged: Judged): RuleFinding[] {
  const length = judged.plan.window.lengthMinutes * 60
  const free = length - plannedSeconds(judged)
  return judged.works.flatMap(work => {
    const [need, bytes, rate] = [needed(judged, work), bytesOf(judged, work), hostRate(judged, work)]
    if (work.when.is !== 'untimed' || !need || !bytes || need.to <= free) return []
    const assumed = rate?.isAssumed === true
    const used = rate?.rate ?? linkRates(judged)?.accepted ?? 0
    const values = {
      title: work.title,
      bytes: gigabytes(bytes),
      need: minutes(need),
      rate: megabytesPerSecond(used),
      free: minutes(free),
      length: minutes(length),
    }
    return [
      {
        level: levelOf(need, free),
        path: work.path,
        text: { key: assumed ? 'plan.judge.untimedAssumed' : 'plan.judge.untimed', values },
        remedy: { key: 'plan.judge.untimed.remedy' },
        figures: { bytes, rate: used, seconds: need, freeSeconds: free },
      },
    ]
  })
}

/** How much of the window has work planned in it; side by side counts once. */
export function plannedSeconds({ timed, plan }: Judged): number {
  const length = plan.window.lengthMinutes
  let [busy, until] = [0, 0]
  for (const { when } of timed.filter(takesTime)) {
    const [from, to] = [Math.max(when.startMinute, until), Math.min(when.endMinute, length)]
    if (to > from) busy += to - from
    until = Math.max(until, to)
  }
  return busy * 60
}

/** Two that fill the link at once take as long as both together. */
function sideBySide(judged: Judged): RuleFinding[] {
  const rates = linkRates(judged)
  if (rates === undefined) return []
  const heavy = judged.timed.filter(work => crossesLink(work) && (bytesOf(judged, work)?.to ?? 0) > 0)
  return heavy.flatMap((work, index) =>
    heavy.slice(0, index).flatMap(other => {
      const start = Math.max(work.when.startMinute, other.when.startMinute)
      const end = Math.min(work.when.endMinute, other.when.endMinute)
      const [one, two] = [bytesOf(judged, work), bytesOf(judged, other)]
      if (end <= start || !one || !two) return []
      const span =
        Math.max(work.when.endMinute, other.when.endMinute) -
        Math.min(work.when.startMinute, other.when.startMinute)
      const seconds = (one.to + two.to) / rates.accepted
      if (seconds <= span * 60) return []
      const values = {
        title: work.title,
        other: other.title,
        bytes: gigabytes(one.to + two.to),
        need: minutes(seconds),
        rate: megabits(rates.accepted),
        span: minutes(span * 60),
      }
      return [
        {
          level: 'warn' as const,
          path: work.path,
          text: { key: 'plan.judge.sideBySide' as const, values },
          remedy: { key: 'plan.judge.sideBySide.remedy' as const },
          figures: { bytes: one.to + two.to, seconds, spanSeconds: span * 60 },
        },
      ]
    }),
  )
}

/** The whole night, one after the other as planned, each with the time that it needs. */
function wholeWindow(judged: Judged): RuleFinding[] {
  const { window } = judged.plan
  const night = judged.timed.filter(
    work => takesTime(work) && work.when.endMinute > 0 && work.when.startMinute <= window.lengthMinutes,
  )
  const late = night.filter(work => (needed(judged, work)?.to ?? 0) > secondsOf(work))
  const limit = (window.lengthMinutes - window.rollbackReserveMinutes) * 60
  const finish = { from: finishSeconds(judged, night, 'from'), to: finishSeconds(judged, night, 'to') }
  if (late.length === 0 || finish.to <= limit) return []
  const ids = [...new Set(late.flatMap(({ components }) => components))]
  const values = {
    finish: minutes(finish),
    length: minutes(window.lengthMinutes * 60),
    reserve: minutes(window.rollbackReserveMinutes * 60),
    components: titlesOf(judged, ids),
  }
  return [
    {
      level: levelOf(finish, limit),
      path: ['window', 'length'],
      text: { key: 'plan.judge.window', values },
      remedy: { key: 'plan.judge.window.remedy' },
      figures: { finishSeconds: finish, limitSeconds: limit },
    },
  ]
}

/** What was planned to be over when a work begins is waited for. Work without a model takes its planned time. */
function finishSeconds(judged: Judged, night: readonly TimedWork[], bound: 'from' | 'to'): number {
  const ends = new Map<TimedWork, number>()
  for (const work of night) {
    const before = [...ends].filter(([other]) => other.when.endMinute <= work.when.startMinute)
    const start = Math.max(work.when.startMinute * 60, ...before.map(([, end]) => end))
    ends.set(work, start + (needed(judged, work)?.[bound] ?? secondsOf(work)))
  }
  return Math.max(0, ...ends.values())
}
