import { handover } from './actions/handover.ts'
import { audit } from './audit.ts'
import { authorityRole } from './claim.ts'
import { authority } from './facts.ts'
import { findings } from './findings.ts'
import { messages } from './messages.ts'

/** Who has authority over the data, written down at both sites. */
export const kind = authority.defineKind({
  messages,
  provides: { authority: authorityRole },
  audit,
  findings,
  /** Only the real night passes authority: a rehearsal leaves it where it is. */
  plan: () => ({ preparation: [], rehearsal: [], live: [handover], close: [] }),
  actions: [handover],
  measures: {},
})
