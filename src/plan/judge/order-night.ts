import type { GateId } from '../../model/stage.ts'
import { plannedSeconds } from './capacity.ts'
import { minutes } from './figures.ts'
import type { Judged, JudgeRule, RuleFinding, TimedWork } from './judgement.ts'
import { canTell, checksTelling, takesTime, titlesOf, worksOn } from './judgement.ts'
import { clockAt, isAfterReopening, isBeforeReopening, reopensAt, startOf } from './moments.ts'
import { askAtReopening, checkOldTtl, leaveReserve, startLater, testFirst } from './repairs/order.ts'

/** In which order the night goes, and whether there is a way back. */
export const nightOrderRules: JudgeRule[] = [
  { id: 'order.no-reserve', window: true, judge: noReserve, repair: leaveReserve },
  { id: 'order.old-ttl', judge: oldTtl, repair: checkOldTtl },
  { id: 'order.switch-before-test', judge: switchBeforeTest, repair: testFirst },
  { id: 'order.sign-off-after-reopen', judge: signOffLate, repair: askAtReopening },
  { id: 'order.go-ungated', judge: goUngated },
  { id: 'order.integrity-ungated', judge: integrityUngated },
  { id: 'order.reopen-ungated', judge: ungated, repair: askAtReopening },
  { id: 'order.needs', judge: needs, repair: startLater },
]

/** What a rollback does again at the source, the schedule gives a time to: the starts and the switch. */
function noReserve(judged: Judged): RuleFinding[] {
  const { window } = judged.plan
  const night = judged.timed.filter(
    work => takesTime(work) && work.when.startMinute < window.lengthMinutes && work.when.endMinute > 0,
  )
  if (night.length === 0) return []
  const length = window.lengthMinutes * 60
  const lastEnd = Math.max(...night.map(({ when }) => when.endMinute)) * 60
  const left = Math.max(0, length - lastEnd)
  const back = secondsOf(night, 'start') + secondsOf(night, 'switch')
  const isSaid = !judged.isUnknown('window', 'rollbackReserve')
  const wanted = Math.max(back, isSaid ? window.rollbackReserveMinutes * 60 : 0)
  if (left >= wanted && left > 0) return []
  const values = {
    planned: minutes(plannedSeconds(judged)),
    length: minutes(length),
    left: minutes(left),
    back: minutes(back),
    reserve: minutes(isSaid ? window.rollbackReserveMinutes * 60 : 0),
  }
  return [
    {
      level: 'block',
      path: ['window', 'rollbackReserve'],
      text: { key: back > 0 ? 'plan.judge.noReserveBack' : 'plan.judge.noReserve', values },
      remedy: { key: 'plan.judge.noReserve.remedy', values: { wanted: minutes(wanted) } },
      figures: {
        plannedSeconds: plannedSeconds(judged),
        lengthSeconds: length,
        leftSeconds: left,
        backSeconds: back,
      },
    },
  ]
}

const secondsOf = (night: readonly TimedWork[], wanted: 'start' | 'switch'): number =>
  night
    .filter(({ work }) => work === wanted)
    .reduce((sum, { when }) => sum + (when.endMinute - when.startMinute) * 60, 0)

/** Caches keep a record for as long as they were told when they read it. */
function oldTtl(judged: Judged): RuleFinding[] {
  return judged.timed
    .filter(({ work }) => work === 'switch')
    .flatMap(work => {
      const names = work.components.filter(id => {
        const component = judged.plan.components[id]
        if (component === undefined || !canTell(judged, component, 'old-ttl')) return false
        const isWaited = worksOn(judged.works, id, 'wait-ttl').some(
          ({ when }) =>
            when.is === 'days' || (when.is === 'timed' && when.startMinute < work.when.startMinute),
        )
        return !isWaited && checksTelling(judged, 'old-ttl', id).length === 0
      })
      if (names.length === 0) return []
      const lowered = names.flatMap(id => worksOn(judged.works, id, 'lower-ttl'))[0]
      const values = {
        components: titlesOf(judged, names),
        at: startOf(judged, work),
        lowered: lowered === undefined ? '' : lowered.title,
      }
      return [
        {
          level: 'block' as const,
          path: work.path,
          text: {
            key:
              lowered === undefined ? ('plan.judge.ttlNotLowered' as const) : ('plan.judge.oldTtl' as const),
            values,
          },
          remedy: { key: 'plan.judge.oldTtl.remedy' as const },
          figures: { switchMinute: work.when.startMinute },
        },
      ]
    })
}

/** Users are sent to what nobody has tried yet. */
function switchBeforeTest(judged: Judged): RuleFinding[] {
  const first = judged.timed.find(({ work }) => work === 'switch')
  const isTested = judged.timed.some(
    ({ work, when }) =>
      work === 'test' && when.startMinute >= 0 && when.startMinute < (first?.when.startMinute ?? 0),
  )
  if (first === undefined || isTested) return []
  const later = judged.works.find(
    ({ work, when }) => work === 'test' && (when.is === 'days' ? when.fromDay > 0 : when.is === 'timed'),
  )
  const values = {
    at: startOf(judged, first),
    title: later?.title ?? '',
    test: later ? startOf(judged, later) : '',
  }
  return [
    {
      level: 'block',
      path: first.path,
      text: { key: later ? 'plan.judge.switchFirst' : 'plan.judge.switchUntested', values },
      remedy: { key: 'plan.judge.switchFirst.remedy' },
      figures: { switchMinute: first.when.startMinute },
    },
  ]
}

/** Who approves once users are back approves what can no longer be refused without loss. */
function signOffLate(judged: Judged): RuleFinding[] {
  const reopen = reopensAt(judged)
  if (reopen === undefined || judged.plan.gates.reopen.signoffs.length > 0) return []
  const signed = judged.works.filter(({ work }) => work === 'sign-off')
  const isSignedBefore = signed.some(work => work.when.is === 'timed' && !isAfterReopening(judged, work))
  return signed
    .filter(work => !isSignedBefore && isAfterReopening(judged, work))
    .map(work => ({
      level: 'warn',
      path: work.path,
      text: {
        key: 'plan.judge.signOffLate',
        values: { title: work.title, start: startOf(judged, work), at: clockAt(judged, reopen) },
      },
      remedy: { key: 'plan.judge.signOffLate.remedy' },
      figures: { reopenMinute: reopen },
    }))
}

/** The outage would begin with nothing measured. Without a sign-off no plan can be read. */
function goUngated(judged: Judged): RuleFinding[] {
  const { checks, signoffs } = askedAt(judged, 'go')
  if (checks > 0) return []
  return [
    {
      level: 'warn',
      path: ['gates', 'go'],
      text: { key: 'plan.judge.goUngated' },
      remedy: { key: 'plan.judge.goUngated.remedy' },
      figures: { checks, signoffs },
    },
  ]
}

/** The services would start at the target on data that nothing was asked of. */
function integrityUngated(judged: Judged): RuleFinding[] {
  const { checks, signoffs } = askedAt(judged, 'integrity')
  const isCompared = judged.timed.some(work => work.work === 'compare' && isBeforeReopening(judged, work))
  if (checks > 0 || signoffs > 0 || isCompared) return []
  return [
    {
      level: 'warn',
      path: ['gates', 'integrity'],
      text: { key: 'plan.judge.integrityUngated' },
      remedy: { key: 'plan.judge.integrityUngated.remedy' },
      figures: { checks, signoffs },
    },
  ]
}

/** Users would come back with nothing measured and nobody asked. */
function ungated(judged: Judged): RuleFinding[] {
  const { checks, signoffs } = askedAt(judged, 'reopen')
  if (checks > 0 || signoffs > 0) return []
  return [
    {
      level: 'warn',
      path: ['gates', 'reopen'],
      text: { key: 'plan.judge.ungated' },
      remedy: { key: 'plan.judge.ungated.remedy' },
      figures: { checks, signoffs },
    },
  ]
}

const askedAt = ({ plan }: Judged, id: GateId): { checks: number; signoffs: number } => ({
  checks: Object.values(plan.checks).filter(({ gate }) => gate === id).length,
  signoffs: plan.gates[id].signoffs.length,
})

/** A component started before what it needs is there. */
function needs(judged: Judged): RuleFinding[] {
  return judged.timed
    .filter(({ work }) => work === 'start')
    .flatMap(work =>
      work.components.flatMap(id =>
        (judged.plan.components[id]?.needs ?? []).flatMap(need => {
          const ready = worksOn(judged.timed, need, 'restore', 'promote', 'start', 'delta')
            .filter(other => other !== work)
            .toSorted((one, other) => other.when.endMinute - one.when.endMinute)[0]
          if (ready === undefined || ready.when.endMinute <= work.when.startMinute) return []
          const values = {
            component: titlesOf(judged, [id]),
            at: startOf(judged, work),
            need: titlesOf(judged, [need]),
            title: ready.title,
            until: clockAt(judged, ready.when.endMinute),
          }
          return [
            {
              level: 'block' as const,
              path: work.path,
              text: { key: 'plan.judge.needs' as const, values },
              remedy: { key: 'plan.judge.needs.remedy' as const },
              figures: { startMinute: work.when.startMinute, readyMinute: ready.when.endMinute },
            },
          ]
        }),
      ),
    )
}
