import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds, shortStep } from '../../kit/timings.ts'
import { awaitService } from '../control.ts'
import { closeEdge, isClosed, openEdge, removePage } from '../edge.ts'
import { service } from '../facts.ts'
import { httpAt, isManaged, shown } from '../sides.ts'

/** The target first: from then on neither site serves until one is reopened on purpose. */
const sides = ['target', 'source'] as const

/** The maintenance page at both sites. Only the source's is undone: the target's stays on until the service is reopened there. */
export const maintenanceOn = service.action({
  name: 'maintenance-on',
  touches: sides,
  undoTouches: ['source'],
  plan(about) {
    const source = httpAt(about, 'source')
    return {
      title: { key: 'service.maintenance-on.title', values: shown(source) },
      stage: 'announce',
      expectedSeconds: 2,
      ...shortStep,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 2,
        deadlineSeconds: shortDeadlineSeconds + (isManaged(source) ? 0 : source.spec.startSeconds),
        byHand: {
          key: 'service.maintenance-on.byHand',
          values: { host: source.edgeHost.ssh, commands: typed(removePage(source)) },
        },
      },
    }
  },
  async isDone(acting, io) {
    for (const side of sides) if (!(await isClosed(httpAt(acting, side), io))) return false
    return true
  },
  async apply(acting, io) {
    for (const side of sides) await closeEdge(httpAt(acting, side), io.at(side))
    return undefined
  },
  async undo(acting, io) {
    const source = httpAt(acting, 'source')
    // Its VM has only just been started; one with a manager was brought up, healthy, by the undo of its stop.
    if (!isManaged(source)) await awaitService(source, io)
    await openEdge(source, io.at('source'))
  },
})

/** The rehearsal's maintenance page: at the target alone, where it stays on until the service is reopened there. */
export const maintenanceOnTarget = service.action({
  name: 'maintenance-on-target',
  touches: ['target'],
  undoTouches: [],
  plan(about) {
    const target = httpAt(about, 'target')
    return {
      title: { key: 'service.maintenance-on-target.title', values: shown(target) },
      stage: 'announce',
      expectedSeconds: 2,
      ...shortStep,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 2,
        deadlineSeconds: shortDeadlineSeconds,
        byHand: { key: 'service.maintenance-on-target.byHand', values: shown(target) },
      },
    }
  },
  isDone: (acting, io) => isClosed(httpAt(acting, 'target'), io),
  async apply(acting, io) {
    await closeEdge(httpAt(acting, 'target'), io.at('target'))
    return undefined
  },
  undo: async () => undefined,
})
