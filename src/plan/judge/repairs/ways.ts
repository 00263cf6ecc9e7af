import type { Text } from '../../../model/text.ts'
import { pathText } from '../../error.ts'
import { gigabytes, megabits, minutes } from '../figures.ts'
import type { Judged, PlannedWork, Proposal, Repair, RuleFinding } from '../judgement.ts'
import { titlesOf, worksOn } from '../judgement.ts'
import { crossesLink, linkRates } from '../models.ts'
import { clockAt, reopensAt } from '../moments.ts'
import { addChecks } from './checks.ts'
import { freeId, inserted, movedBefore, nightEdits, type Placed, placedIn, plannedMinutes } from './night.ts'

/** Repairs of what the order of the work does to the data. */

/** The work that a finding is at. */
const workAt = ({ works }: Judged, { path }: RuleFinding): PlannedWork | undefined =>
  works.find(work => pathText(work.path) === pathText(path))

const isStop = ({ work }: PlannedWork): boolean => ['stop', 'disconnect', 'maintenance'].includes(work)
const stopsEnd = ({ timed }: Judged): number =>
  Math.max(0, ...timed.filter(isStop).map(({ when }) => when.endMinute))

/** The replica is brought to the source's position and promoted; dump, transfer and restore go. */
export const promoteReplica: Repair = (judged, finding, say) => {
  const component = workAt(judged, finding)?.components.find(
    id =>
      worksOn(judged.works, id, 'replicate').length > 0 && worksOn(judged.works, id, 'promote').length === 0,
  )
  if (component === undefined) return []
  const replaced = worksOn(judged.timed, component, 'dump', 'send', 'restore').filter(
    ({ components }) => components.length === 1,
  )
  const ids = new Set(replaced.map(({ id }) => id))
  const night = placedIn(judged).filter(({ id }) => !ids.has(id))
  const title = titlesOf(judged, [component])
  const limit = reopensAt(judged) ?? judged.plan.window.lengthMinutes
  const from = Math.max(stopsEnd(judged), Math.min(...replaced.map(({ when }) => when.startMinute), limit))
  const begin = replaced.length > 0 ? from : stopsEnd(judged)
  const position = {
    id: freeId(judged, `${component}-catch-up`),
    title: say({ key: 'plan.repair.title.catchUp', values: { component: title } }),
    work: 'catch-up' as const,
    components: [component],
  }
  const promotion = {
    id: freeId(judged, `${component}-promote`),
    title: say({ key: 'plan.repair.title.promote', values: { component: title } }),
    work: 'promote' as const,
    components: [component],
  }
  const free = { until: startsAt(night, component, judged, limit), meets: () => false }
  const caughtUp = worksOn(judged.timed, component, 'catch-up')[0]
  const at = caughtUp === undefined ? begin + plannedMinutes['catch-up'] : caughtUp.when.endMinute
  const first =
    caughtUp === undefined
      ? inserted(night, position, { ...free, minutes: plannedMinutes['catch-up'], from: begin })
      : night
  const then = inserted(first, promotion, { ...free, minutes: plannedMinutes.promote, from: at })
  const values = { component: title, removed: [...ids].join(', ') }
  const text: Text = { key: ids.size > 0 ? 'plan.repair.promoteInstead' : 'plan.repair.promote', values }
  return [{ text, edits: nightEdits(judged, then) }]
}

/** When the first starts that needs the component, or the component itself; else the limit. */
function startsAt(night: readonly Placed[], component: string, { plan }: Judged, limit: number): number {
  const users = Object.values(plan.components).filter(
    ({ id, needs }) => id === component || needs.includes(component),
  )
  const starts = night.filter(
    one =>
      'work' in one &&
      one.work.work === 'start' &&
      one.work.components.some(id => users.some(user => user.id === id)),
  )
  return Math.min(limit, ...starts.map(({ start }) => start))
}

/** What changed on the images since they were sent leaves between shutdown and start. */
export const sendImageDelta: Repair = (judged, finding, say) => {
  const stop = workAt(judged, finding)
  if (stop?.when.is !== 'timed') return []
  const old = Object.keys(judged.plan.components).filter(
    id =>
      worksOn(judged.dated, id, 'export').length > 0 &&
      worksOn(judged.timed, id, 'stop').length > 0 &&
      worksOn(judged.timed, id, 'delta', 'send', 'sync', 'export').length === 0,
  )
  const starts = old.flatMap(id => worksOn(judged.timed, id, 'start').map(({ when }) => when.startMinute))
  const [first] = old
  if (first === undefined || starts.length === 0) return []
  const components = titlesOf(judged, old)
  const slot = {
    id: freeId(judged, `${first}-delta`),
    title: say({ key: 'plan.repair.title.imageDelta', values: { components } }),
    work: 'delta' as const,
    components: old,
  }
  const night = inserted(placedIn(judged), slot, {
    minutes: plannedMinutes.delta,
    from: stop.when.endMinute,
    until: Math.min(...starts),
    meets: one => 'work' in one && crossesLink(one.work),
  })
  const rate = linkRates(judged)?.accepted
  const values = { components, minutes: minutes(plannedMinutes.delta * 60) }
  const text: Text =
    rate === undefined
      ? { key: 'plan.repair.imageDelta', values }
      : {
          key: 'plan.repair.imageDeltaCarries',
          values: {
            ...values,
            carries: gigabytes(rate * plannedMinutes.delta * 60),
            rate: megabits(rate),
          },
        }
  return [{ text, edits: nightEdits(judged, night) }]
}

/** The return path is made once the data are at the target, and before users write there. */
export const returnPath: Repair = (judged, finding, say) => {
  const lost = (finding.figures.components ?? []) as string[]
  const limit = reopensAt(judged)
  const [first] = lost
  if (limit === undefined || first === undefined) return []
  const brought = lost.flatMap(id => worksOn(judged.timed, id, 'restore', 'promote', 'delta', 'send'))
  const components = titlesOf(judged, lost)
  const owner = judged.plan.components[first]?.owner
  const slot = {
    id: freeId(judged, 'flow-back'),
    title: say({ key: 'plan.repair.title.flowBack', values: { components } }),
    work: 'flow-back' as const,
    components: lost,
  }
  const night = inserted(placedIn(judged), slot, {
    minutes: plannedMinutes['flow-back'],
    from: Math.max(0, ...brought.map(({ when }) => when.endMinute)),
    until: limit,
    meets: one => 'work' in one && one.work.owner === owner && one.work.work !== 'reopen',
  })
  return [{ text: { key: 'plan.repair.flowBack', values: { components } }, edits: nightEdits(judged, night) }]
}

/** A check at the gate `integrity`, of each measure that tells whether both sites are equal. */
export const compareAtGate: Repair = (judged, finding) => {
  const compared = workAt(judged, finding)?.components ?? finding.path.slice(1, 2).map(String)
  const late = (finding.figures.components ?? compared) as string[]
  return addChecks(judged, late, {
    ...{ tells: 'equality', key: 'plan.repair.compareAtGate', ending: 'equal' },
    ...{ gate: 'integrity', onFailure: 'roll-back' },
  })
}

/** The exact position of the source is waited for: what a lag cannot show. */
export const catchUp: Repair = (judged, finding, say) => {
  const component = judged.plan.checks[String(finding.path[1])]?.component
  if (component === undefined || judged.timed.length === 0) return []
  const title = titlesOf(judged, [component])
  const night = placedIn(judged)
  const promoted = worksOn(judged.timed, component, 'promote', 'restore')[0]?.when.startMinute
  const slot = {
    id: freeId(judged, `${component}-catch-up`),
    title: say({ key: 'plan.repair.title.catchUp', values: { component: title } }),
    work: 'catch-up' as const,
    components: [component],
  }
  const limit = reopensAt(judged) ?? judged.plan.window.lengthMinutes
  const then = inserted(night, slot, {
    minutes: plannedMinutes['catch-up'],
    from: stopsEnd(judged),
    until: promoted ?? startsAt(night, component, judged, limit),
    meets: () => false,
  })
  return [
    {
      text: { key: 'plan.repair.catchUp', values: { component: title } },
      edits: nightEdits(judged, then),
    },
  ]
}

/** What stops the users goes before the copy; where nothing does, a maintenance page. */
export const stopFirst: Repair = (judged, finding, say) => {
  const copy = workAt(judged, finding)
  if (copy?.when.is !== 'timed') return []
  const night = placedIn(judged)
  const at = copy.when.startMinute
  const stop = judged.timed.find(one => isStop(one) && one.when.startMinute >= 0)
  if (stop !== undefined)
    return [
      {
        text: {
          key: 'plan.repair.moved',
          values: { title: stop.title, at: clockAt(judged, at), before: copy.title },
        },
        edits: nightEdits(judged, movedBefore(night, stop.id, at)),
      },
    ]
  const slot = {
    id: freeId(judged, 'maintenance'),
    title: say({ key: 'plan.repair.title.maintenance' }),
    work: 'maintenance' as const,
    components: [],
  }
  const room = { minutes: plannedMinutes.maintenance, from: at, until: at, meets: () => false }
  const proposal: Proposal = {
    text: { key: 'plan.repair.maintenance', values: { at: clockAt(judged, at), before: copy.title } },
    edits: nightEdits(judged, inserted(night, slot, room)),
  }
  return [proposal]
}
