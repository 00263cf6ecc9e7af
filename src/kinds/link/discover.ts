import { asked, type Discovery, fields, known } from '../../model/discovery.ts'
import { targetHost } from '../kit/discover.ts'

/** There is one line between the sites whatever they hold; it ends at what passes on packets, else at any host. */
export const discover: Discovery = {
  part: 'network',
  isOne: true,
  read: (_records, host) => [
    {
      key: 'link',
      name: 'link',
      ports: [],
      units: [],
      paths: [],
      weight: host.forwards ? 1 : 0,
      facts: {},
    },
  ],
  draft: placed => ({
    criticality: 'critical',
    about: [],
    fields: {
      declaredMbps: asked({ key: 'link.discover.rate' }),
      source: fields({ host: known(placed.source.key) }),
      target: fields({ host: targetHost(placed) }),
    },
    checks: [{ measure: 'unreachablePairs', threshold: { equals: 0 }, gate: 'go', onFailure: 'block' }],
    remarks: [],
  }),
}
