import type { KeysOf, Sentences } from '../../model/text.ts'
import { awaitHealthy } from './actions/await-healthy.ts'
import { maintenanceOff } from './actions/maintenance-off.ts'
import { maintenanceOn } from './actions/maintenance-on.ts'
import { maintenanceOnTarget } from './actions/maintenance-on-target.ts'
import { start } from './actions/start.ts'
import { stop } from './actions/stop.ts'
import { audit, service } from './facts.ts'
import { findings } from './findings.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { isManaged, serviceAt } from './sides.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

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
  figures,
  measures,
})
