import { awaitHealthy } from './actions/await-healthy.ts'
import { maintenanceOff } from './actions/maintenance-off.ts'
import { maintenanceOn } from './actions/maintenance-on.ts'
import { maintenanceOnTarget } from './actions/maintenance-on-target.ts'
import { start } from './actions/start.ts'
import { stop } from './actions/stop.ts'
import { audit } from './audit.ts'
import { service } from './facts.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { isManaged, serviceAt } from './sides.ts'

/** A service that people reach by HTTP, with a maintenance page in front of it. */
export const kind = service.defineKind({
  messages,
  provides: {
    probed: ({ spec }) => ({ source: spec.source.url, target: spec.target.url, publicUrl: spec.publicUrl }),
  },
  audit,
  findings,
  plan(about) {
    // A service without a manager has no stop: the shutdown of its VM is one, in the same stage.
    const isOwn = isManaged(serviceAt(about, 'target'))
    const up = isOwn ? start : awaitHealthy
    return {
      preparation: [],
      // Behind its maintenance page; the source is left alone.
      rehearsal: [maintenanceOnTarget, up],
      live: [maintenanceOn, ...(isOwn ? [stop] : []), up, maintenanceOff],
      close: [],
    }
  },
  actions: [maintenanceOn, maintenanceOnTarget, stop, start, awaitHealthy, maintenanceOff],
  measures,
})
