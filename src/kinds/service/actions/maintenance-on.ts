import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds, shortStep } from '../../kit/timings.ts'
import { closeEdge, isClosed, openEdge, removePage } from '../edge.ts'
import { service } from '../facts.ts'
import { serviceAt, shown } from '../sides.ts'

/** The target first: from then on neither site serves until one is reopened on purpose. */
const sides = ['target', 'source'] as const

/** The maintenance page at both sites. Only the source's is undone: the target's stays on until the service is reopened there. */
export const maintenanceOn = service.action({
  name: 'maintenance-on',
  touches: sides,
  undoTouches: ['source'],
  plan(about) {
    const source = serviceAt(about, 'source')
    return {
      title: { key: 'service.maintenance-on.title', values: shown(source) },
      stage: 'announce',
      expectedSeconds: 2,
      ...shortStep,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 2,
        deadlineSeconds: shortDeadlineSeconds,
        byHand: {
          key: 'service.maintenance-on.byHand',
          values: { host: source.edgeHost.ssh, commands: typed(removePage(source)) },
        },
      },
    }
  },
  async isDone(acting, io) {
    for (const side of sides) if (!(await isClosed(serviceAt(acting, side), io))) return false
    return true
  },
  async apply(acting, io) {
    for (const side of sides) await closeEdge(serviceAt(acting, side), io.at(side))
    return undefined
  },
  undo: (acting, io) => openEdge(serviceAt(acting, 'source'), io.at('source')),
})
