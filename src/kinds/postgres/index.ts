import type { Kind } from '../../model/kind.ts'
import { accept } from './actions/accept.ts'
import { allowReplication } from './actions/allow-replication.ts'
import { createSlot } from './actions/create-slot.ts'
import { drain } from './actions/drain.ts'
import { fence } from './actions/fence.ts'
import { pause } from './actions/pause.ts'
import { promote } from './actions/promote.ts'
import { prove } from './actions/prove.ts'
import { reverse } from './actions/reverse.ts'
import { seed } from './actions/seed.ts'
import { stopSource } from './actions/stop-source.ts'
import { auditSides } from './audit.ts'
import { findingsOf } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { planSteps } from './plan.ts'
import { sidesOf } from './sides.ts'
import { spec, specOf } from './spec.ts'

/** PostgreSQL by physical streaming replication, in Debian's layout (pg_ctlcluster), versions 13 to 18. */
export const kind: Kind = {
  kind: 'postgres',
  spec,
  messages,
  audit: (component, context, io) => auditSides(sidesOf({ ...context, component }), io),
  findings: (component, facts) => findingsOf(component, specOf(component), facts),
  plan: (component, facts, { plan, mode, facts: estate }) =>
    planSteps(component, facts, {
      mode,
      facts: estate,
      databaseStartSeconds: plan.rollback.databaseStartSeconds,
    }),
  actions: {
    'allow-replication': allowReplication,
    'create-slot': createSlot,
    seed,
    prove,
    fence,
    drain,
    'stop-source': stopSource,
    promote,
    reverse,
    accept,
    pause,
  },
  measures,
}
