import type { Kind } from '../../model/kind.ts'
import { audit } from './audit.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { linkSpec } from './spec.ts'

/** The link between the sites: measured, never changed. */
export const kind: Kind = {
  kind: 'link',
  spec: linkSpec,
  messages,
  audit,
  findings,
  plan: () => [],
  actions: {},
  measures,
}
