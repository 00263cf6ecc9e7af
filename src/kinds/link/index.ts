import type { Kind } from '../../model/kind.ts'
import { audit } from './audit.ts'
import { findings } from './findings.ts'
import { measures } from './measures.ts'
import { messages } from './messages.ts'
import { linkSpec, specOf } from './spec.ts'

/** The link between the sites: measured, never changed. */
export const kind: Kind = {
  kind: 'link',
  spec: linkSpec,
  messages,
  audit,
  findings,
  provides: {
    linkRate: ({ component, facts }) => {
      const measured = facts[component.id]?.bandwidthMbps?.value
      if (typeof measured === 'number' && measured > 0) return { mbps: measured, from: 'measured' }
      return { mbps: specOf(component).declaredMbps, from: 'declared' }
    },
  },
  plan: () => [],
  actions: {},
  measures,
}
