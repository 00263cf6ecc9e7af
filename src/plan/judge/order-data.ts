import { gigabytes, megabits, minutes } from './figures.ts'
import type { Judged, JudgeRule, PlannedWork, RuleFinding } from './judgement.ts'
import { canTell, checksTelling, declaredBytes, titlesOf, worksOn } from './judgement.ts'
import { linkRates } from './models.ts'
import { clockAt, isAfterReopening, isBeforeReopening, reopensAt, startOf } from './moments.ts'
import {
  catchUp,
  compareAtGate,
  promoteReplica,
  returnPath,
  sendImageDelta,
  stopFirst,
} from './repairs/ways.ts'

/** What the order of the work does to the data. */
export const dataOrderRules: JudgeRule[] = [
  { id: 'order.replica-unused', judge: replicaUnused, repair: promoteReplica },
  { id: 'order.images-without-delta', judge: imagesWithoutDelta, repair: sendImageDelta },
  { id: 'order.copy-while-written', judge: copyBeforeStop, repair: stopFirst },
  { id: 'order.nothing-flows-back', judge: nothingFlowsBack, repair: returnPath },
  { id: 'order.compare-after-reopen', judge: compareAfterReopen, repair: compareAtGate },
  { id: 'order.no-comparison', judge: noComparison, repair: compareAtGate },
  { id: 'order.lag-not-position', judge: lagNotPosition, repair: catchUp },
]

/** A replica that is never promoted; a restore cannot write into it. */
function replicaUnused(judged: Judged): RuleFinding[] {
  if (judged.timed.length === 0) return []
  return componentsOf(judged).flatMap(component => {
    const [built] = worksOn(judged.works, component, 'replicate')
    if (built === undefined || worksOn(judged.works, component, 'promote').length > 0) return []
    const [restore] = worksOn(judged.timed, component, 'restore')
    const by = worksOn(judged.timed, component, 'dump', 'send', 'restore')
    const seconds = by.reduce((sum, { when }) => sum + when.endMinute - when.startMinute, 0) * 60
    const values = { component: titlesOf(judged, [component]), built: built.title }
    const restored = { ...values, restore: restore?.title ?? '', planned: minutes(seconds) }
    return [
      {
        level: restore === undefined ? 'warn' : 'block',
        path: (restore ?? built).path,
        text:
          restore === undefined
            ? { key: 'plan.judge.replicaUnused', values }
            : { key: 'plan.judge.replicaRestored', values: restored },
        remedy: { key: 'plan.judge.replicaUnused.remedy', values: restored },
        figures: { plannedSeconds: seconds },
      },
    ]
  })
}

/** Images that left before the machines were shut down, with nothing sent afterwards. */
function imagesWithoutDelta(judged: Judged): RuleFinding[] {
  const old = componentsOf(judged).filter(component => {
    const exported = worksOn(judged.dated, component, 'export').some(({ when }) => when.fromDay <= 0)
    const stop = worksOn(judged.timed, component, 'stop').at(-1)
    const start = worksOn(judged.timed, component, 'start').at(-1)
    if (!exported || stop === undefined || start === undefined) return false
    const sent = worksOn(judged.timed, component, 'delta', 'send', 'sync', 'export')
    return !sent.some(
      ({ when }) => when.startMinute >= stop.when.startMinute && when.startMinute <= start.when.startMinute,
    )
  })
  const [first] = old
  const stop = first === undefined ? undefined : worksOn(judged.timed, first, 'stop').at(-1)
  if (first === undefined || stop === undefined) return []
  const [bytes, rates] = [declaredBytes(judged, old), linkRates(judged)]
  const days = Math.max(
    ...old.flatMap(one => worksOn(judged.dated, one, 'export').map(({ when }) => -when.fromDay)),
  )
  const values = { components: titlesOf(judged, old), stop: startOf(judged, stop), days }
  const seconds = bytes && rates ? bytes.to / rates.declared : undefined
  return [
    {
      level: 'block',
      path: stop.path,
      text: { key: 'plan.judge.imagesOld', values },
      remedy:
        bytes === undefined || rates === undefined || seconds === undefined
          ? { key: 'plan.judge.imagesOld.remedy' }
          : {
              key: 'plan.judge.imagesOld.remedyFigures',
              values: { bytes: gigabytes(bytes), need: minutes(seconds), rate: megabits(rates.declared) },
            },
      figures: { bytes: bytes ?? null, fullExportSeconds: seconds ?? null, days },
    },
  ]
}

/** A dump or a final delta in the night, of data that users still write. */
function copyBeforeStop(judged: Judged): RuleFinding[] {
  const stops = judged.timed.filter(({ work }) => ['stop', 'disconnect', 'maintenance'].includes(work))
  const first = stops[0]?.when.startMinute
  return judged.timed
    .filter(({ work, when }) => ['dump', 'delta'].includes(work) && when.startMinute >= 0)
    .filter(({ when }) => first === undefined || when.startMinute < first)
    .map(work => ({
      level: 'block',
      path: work.path,
      text:
        first === undefined
          ? { key: 'plan.judge.copyUnstopped', values: { title: work.title, at: startOf(judged, work) } }
          : {
              key: 'plan.judge.copyBeforeStop',
              values: { title: work.title, at: startOf(judged, work), stop: clockAt(judged, first) },
            },
      remedy: { key: 'plan.judge.copyBeforeStop.remedy' },
      figures: { startMinute: work.when.startMinute, stopMinute: first ?? null },
    }))
}

/** Data that users write at the target, and that a rollback would not bring back. */
function nothingFlowsBack(judged: Judged): RuleFinding[] {
  const reopen = reopensAt(judged)
  const lost = componentsOf(judged).filter(
    component =>
      isWrittenByUsers(judged, component) &&
      worksOn(judged.timed, component, 'restore', 'promote', 'delta', 'send').length > 0 &&
      worksOn(judged.works, component, 'flow-back').length === 0,
  )
  const at =
    judged.timed.find(({ work }) => work === 'reopen') ?? judged.timed.find(({ work }) => work === 'switch')
  if (lost.length === 0 || reopen === undefined || at === undefined) return []
  return [
    {
      level: 'block',
      path: at.path,
      text: {
        key: 'plan.judge.nothingFlowsBack',
        values: { components: titlesOf(judged, lost), at: clockAt(judged, reopen) },
      },
      remedy: { key: 'plan.judge.nothingFlowsBack.remedy' },
      figures: { components: lost, reopenMinute: reopen },
    },
  ]
}

/** A comparison that comes when both sides differ rightly, because users write again. */
function compareAfterReopen(judged: Judged): RuleFinding[] {
  const reopen = reopensAt(judged)
  return judged.works.flatMap(work => {
    const isComparison = work.work === 'compare' || work.work === 'hash'
    const late = work.components.filter(component => !isCompared(judged, component))
    if (!isComparison || late.length === 0 || reopen === undefined || !isAfterReopening(judged, work))
      return []
    return [
      {
        level: 'block',
        path: work.path,
        text: {
          key: 'plan.judge.compareLate',
          values: {
            title: work.title,
            components: titlesOf(judged, late),
            start: startOf(judged, work),
            at: clockAt(judged, reopen),
          },
        },
        remedy: { key: 'plan.judge.compareLate.remedy' },
        figures: { components: late, reopenMinute: reopen },
      },
    ]
  })
}

/** Data whose equality nothing shows before users come back. What is compared late is another rule's. */
function noComparison(judged: Judged): RuleFinding[] {
  return componentsOf(judged).flatMap(id => {
    const component = judged.plan.components[id]
    if (component === undefined || !isWrittenByUsers(judged, id) || !canTell(judged, component, 'equality'))
      return []
    if (isCompared(judged, id) || worksOn(judged.works, id, 'compare', 'hash').length > 0) return []
    return [
      {
        level: 'warn',
        path: ['components', id],
        text: { key: 'plan.judge.notCompared', values: { component: titlesOf(judged, [id]) } },
        remedy: {
          key: 'plan.judge.notCompared.remedy',
          values: { component: id, measures: measuresTelling(judged, component.kind) },
        },
        figures: { bytes: component.declaredSizeBytes ?? null },
      },
    ]
  })
}

/** A copy that is less than a minute behind lacks up to a minute of writes. */
function lagNotPosition(judged: Judged): RuleFinding[] {
  if (judged.timed.length === 0) return []
  return checksTelling(judged, 'lag').flatMap(({ id, component, threshold }) => {
    const seconds = 'below' in threshold ? threshold.below : 0
    const isProven = isCompared(judged, component) || worksOn(judged.works, component, 'catch-up').length > 0
    if (isProven || seconds <= 0 || judged.isUnknown('checks', id, 'below')) return []
    return [
      {
        level: 'warn',
        path: ['checks', id],
        text: {
          key: 'plan.judge.lagOnly',
          values: { check: id, component: titlesOf(judged, [component]), seconds },
        },
        remedy: { key: 'plan.judge.lagOnly.remedy' },
        figures: { seconds },
      },
    ]
  })
}

/** Before users come back: by a check of a gate, or by work of the schedule. */
function isCompared(judged: Judged, component: string): boolean {
  const gates = checksTelling(judged, 'equality', component).some(({ gate }) => gate !== 'go')
  return gates || worksOn(judged.works, component, 'compare', 'hash').some(before(judged))
}
const before = (judged: Judged) => (work: PlannedWork) => isBeforeReopening(judged, work)

const componentsOf = ({ plan }: Judged): string[] => Object.keys(plan.components)

/** Its kind says how what users write there could come back. */
const isWrittenByUsers = ({ plan, kinds }: Judged, component: string): boolean =>
  kinds[plan.components[component]?.kind ?? '']?.returnPath !== undefined

const measuresTelling = ({ kinds }: Judged, kind: string): string =>
  Object.entries(kinds[kind]?.measures ?? {})
    .filter(([, { tells }]) => tells === 'equality')
    .map(([name]) => name)
    .join(', ')
