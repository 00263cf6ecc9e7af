import type { Kind } from '../../model/kind.ts'
import { cap, uncap } from './actions/cap.ts'
import { audit } from './audit.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { planLine } from './plan.ts'
import { lineSpec } from './spec.ts'
import { watches } from './watches.ts'

/** The target's way out, and its spare one: watched, and kept free for people while the spare one is all there is. */
export const kind: Kind = {
  kind: 'line',
  spec: lineSpec,
  messages,
  audit,
  findings,
  plan: (component, _facts, context) => planLine(component, context),
  actions: { cap, uncap },
  measures,
  watches,
}
